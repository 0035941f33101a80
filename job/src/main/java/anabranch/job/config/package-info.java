// SPDX-License-Identifier: Apache-2.0

/**
 * {@code federation.yaml}, the one configuration of a federation. Open {@link
 * anabranch.job.config.FederationConfigLoader} for how it is read, {@code ConfigKeys} for the table
 * of all keys and {@link anabranch.job.config.FederationConfig} for what comes out.
 */
package anabranch.job.config;
