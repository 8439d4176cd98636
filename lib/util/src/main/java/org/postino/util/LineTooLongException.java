// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.io.IOException;

/// A peer sent a line longer than the protocol or the configuration allows.
public final class LineTooLongException extends IOException {
    public LineTooLongException(int max) {
        super("line longer than " + max + " bytes");
    }
}
