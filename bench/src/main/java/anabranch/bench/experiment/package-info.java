// SPDX-License-Identifier: Apache-2.0

/**
 * What experiments have in common: runs that are files, named by their settings, and paired
 * comparisons. Each experiment is a package of its own.
 */
package anabranch.bench.experiment;
