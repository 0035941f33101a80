// SPDX-License-Identifier: Apache-2.0

/** What a model consists of. Start with {@link anabranch.protocol.model.ModelManifest}. */
package anabranch.protocol.model;
