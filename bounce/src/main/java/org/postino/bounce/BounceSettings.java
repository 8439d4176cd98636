// SPDX-License-Identifier: Apache-2.0

package org.postino.bounce;

import java.time.Duration;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.suite.BounceParams;
import org.postino.suite.QmgrParams;

/// The settings of bounce, read from main.cf.
///
/// @param hostname `myhostname`, the reporting MTA
/// @param origin `myorigin`, the domain of MAILER-DAEMON
/// @param sizeLimit bytes of the original message that are returned; beyond, only its header
/// @param classes `notify_classes`
/// @param lifetime the age until which a late message is tried
record BounceSettings(
        String hostname,
        String origin,
        String mailName,
        long sizeLimit,
        boolean redacts,
        List<String> classes,
        String doubleBounceSender,
        String bounceRecipient,
        String secondBounceRecipient,
        String delayRecipient,
        Duration lifetime) {

    static BounceSettings of(Config c) {
        return new BounceSettings(
                c.get(MainParams.MYHOSTNAME),
                c.get(MainParams.MYORIGIN),
                c.get(MainParams.MAIL_NAME),
                c.get(BounceParams.BOUNCE_SIZE_LIMIT),
                c.get(BounceParams.REQUIRETLS_REDACT_DSN),
                c.get(MainParams.NOTIFY_CLASSES),
                c.get(MainParams.DOUBLE_BOUNCE_SENDER),
                c.get(BounceParams.BOUNCE_NOTICE_RECIPIENT),
                c.get(BounceParams.SECOND_BOUNCE_NOTICE_RECIPIENT),
                c.get(BounceParams.DELAY_NOTICE_RECIPIENT),
                c.get(QmgrParams.MAXIMAL_QUEUE_LIFETIME));
    }

    /// An address of ours with its domain.
    String qualified(String address) {
        return address.indexOf('@') >= 0 ? address : address + "@" + origin;
    }
}
