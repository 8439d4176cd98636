// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A part of a manual page that is made, between two lines of comment that stay.
///
/// @param begin the comment in front, without the dot and the quote
/// @param end the comment behind, likewise
record MadePart(String begin, String end) {
    /// The list of parameters of a program.
    static final MadePart PARAMETERS =
            of("Made from the declarations of the parameters", "End of what was made.");

    /// The list of restrictions.
    static final MadePart RESTRICTIONS =
            of("Made from the rows of the restrictions", "End of the restrictions.");

    /// The list of actions of a kind of tables.
    static final MadePart ACTIONS = of("Made from the rows of the actions", "End of the actions.");

    /// The table of accounts and their programs.
    static final MadePart ACCOUNTS =
            of("Made from the rows of the programs", "End of the programs.");

    private static MadePart of(String origin, String end) {
        return new MadePart(origin + ": see HACKING.md. Do not edit.", end);
    }

    private static String comment(String text) {
        return ".\\\" " + text + "\n";
    }

    /// True if the text of a page has a place for this part.
    boolean isIn(String page) {
        return page.contains(comment(begin));
    }

    /// The page's text with this content between the comments.
    ///
    /// @param file the page, from the top of the sources
    /// @throws IOException also if the page has no place for the part
    String page(Path root, String file, String content) throws IOException {
        String text = Files.readString(root.resolve(file));
        int from = text.indexOf(comment(begin));
        int to = text.indexOf(comment(end));
        if (from < 0 || to < from) {
            throw new IOException(file + " has no place for what is made: " + begin);
        }
        return text.substring(0, from + comment(begin).length()) + content + text.substring(to);
    }
}
