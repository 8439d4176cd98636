// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

/// A column of an results.
///
/// @param number values stand at the right of a table
/// @param titled `name=` stands before the value in the form that is a line of words
record Column(String name, boolean number, boolean titled) {
    static Column text(String name) {
        return new Column(name, false, true);
    }

    static Column number(String name) {
        return new Column(name, true, true);
    }

    /// One whose value says enough.
    Column untitled() {
        return new Column(name, number, false);
    }
}
