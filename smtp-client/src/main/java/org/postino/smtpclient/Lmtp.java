// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import org.postino.queue.DeliveryServer;
import org.postino.suite.Programs;

/// lmtp(8), delivery by LMTP, where a server answers for each recipient (RFC 2033). Manual page: `smtp.8`.
final class Lmtp {
    private Lmtp() {}

    static void main(String[] args) {
        System.exit(
                DeliveryServer.run(
                        args, Programs.options("lmtp"), daemon -> Smtp.start(daemon, true)));
    }
}
