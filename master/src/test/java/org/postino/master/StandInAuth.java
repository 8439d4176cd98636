// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

/// A daemon that dies at once.
final class StandInAuth {
    private StandInAuth() {}

    public static void main(String[] args) {
        System.err.println("cannot do it");
        System.exit(7);
    }
}
