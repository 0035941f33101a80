// SPDX-License-Identifier: Apache-2.0

/**
 * What a run leaves behind for people: start with {@link anabranch.quickstart.report.HtmlReport},
 * one file that needs no network.
 */
package anabranch.quickstart.report;
