// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// A line of a listing.
///
/// @param name Unicode, levels separated by [MailStore#separator()]
/// @param selectable false for a name that only has others below it
/// @param hasChildren other mailboxes stand below it
/// @param noInferiors none can ever stand below it
public record MailboxInfo(
        String name, boolean selectable, boolean hasChildren, boolean noInferiors) {
    /// One that may have children.
    MailboxInfo(String name, boolean selectable, boolean hasChildren) {
        this(name, selectable, hasChildren, false);
    }
}
