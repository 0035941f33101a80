// SPDX-License-Identifier: Apache-2.0

/**
 * What a person sees of a quickstart while it runs. Start with {@link
 * anabranch.quickstart.display.Display}.
 */
package anabranch.quickstart.display;
