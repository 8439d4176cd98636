// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

/// Arguments that the grammar does not allow; carries what to answer. Stays inside this package.
final class CommandSyntaxException extends Exception {
    private final transient Reply reply;

    CommandSyntaxException(Reply reply) {
        super(reply.toString(), null, false, false);
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }
}
