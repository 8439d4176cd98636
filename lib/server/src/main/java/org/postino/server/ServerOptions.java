// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.util.List;
import org.postino.config.Declarations;
import org.postino.config.ParamTable;

/// The facts about a program that its skeleton must know; `org.postino.suite.Programs` gives them.
///
/// @param program the word in master.cf's last column
/// @param tables the parameters the program reads, beside the main ones
/// @param others the parameters to which their values may refer
/// @param resident whether it stays when it has nothing to do
/// @param open whether every user of the system may ask it, within bounds; the others know their peers
public record ServerOptions(
        String program,
        List<ParamTable> tables,
        Declarations others,
        boolean resident,
        boolean open) {
    public ServerOptions {
        tables = List.copyOf(tables);
    }
}
