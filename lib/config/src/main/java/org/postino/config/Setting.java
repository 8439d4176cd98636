// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

/// One assignment: the text as written (not expanded) and where it stands (`line` 0 = an `-o` option or a test).
public record Setting(String name, String text, String file, int line) {}
