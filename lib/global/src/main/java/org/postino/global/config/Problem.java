// SPDX-License-Identifier: Apache-2.0

package org.postino.global.config;

/// Something wrong in a configuration file: where (`line` 0 = not one line), and what in plain words.
public record Problem(String file, int line, String text) {
    @Override
    public String toString() {
        return line > 0 ? file + ", line " + line + ": " + text : file + ": " + text;
    }
}
