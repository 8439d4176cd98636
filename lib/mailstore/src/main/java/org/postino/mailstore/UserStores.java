// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.postino.config.Config;
import org.postino.linux.AsUser;
import org.postino.sasl.MailUser;

/// Opens the mail of users whom the user database knows: where it lies, as whom it is touched, and whose may not be.
public final class UserStores implements Closeable {
    private final MailStores stores;
    private final MailPlaces places;
    private final long firstValidUid;

    private UserStores(Config config, MailStores stores) {
        this.stores = stores;
        this.places = MailPlaces.of(config);
        this.firstValidUid = config.get(MailParams.FIRST_VALID_UID);
    }

    /// As main.cf says.
    public static UserStores of(Config config, Clock clock) {
        return new UserStores(config, MailStores.of(config, clock));
    }

    /// All stores of this process.
    public MailStores stores() {
        return stores;
    }

    /// The user as whom files are touched.
    public static StoreOwner owner(MailUser user) {
        return StoreOwner.of(AsUser.of(user.uid(), user.gid()));
    }

    /// Opens the mail of a user, and makes its INBOX where it is missing.
    ///
    /// @throws IOException it may not be, or cannot be opened
    public MailStore open(MailUser user) throws IOException {
        if (isBarred(user)) {
            throw new IOException(
                    "Mail access for users with UID "
                            + Integer.toUnsignedString(user.uid())
                            + " not permitted (see first_valid_uid in main.cf)");
        }
        return stores.open(location(user), owner(user));
    }

    /// True if mail may be opened and there is some already.
    ///
    /// @throws IOException it cannot be found out
    public boolean isThere(MailUser user) throws IOException {
        if (isBarred(user)) {
            return false;
        }
        return switch (location(user)) {
            case MailLocation.Maildir maildir -> exists(user, maildir.inbox());
            case MailLocation.Mbox mbox -> exists(user, mbox.inbox()) || exists(user, mbox.root());
        };
    }

    private static boolean exists(MailUser user, Path path) throws IOException {
        return owner(user).call(() -> Files.exists(path));
    }

    private boolean isBarred(MailUser user) {
        return user.isSystem() && Integer.toUnsignedLong(user.uid()) < firstValidUid;
    }

    private MailLocation location(MailUser user) throws IOException {
        return places.of(user)
                .orElseThrow(() ->
                        new IOException(
                                "the mail location has a format that is not supported:"
                                        + " maildir:PATH and mbox:PATH are"));
    }

    @Override
    public void close() throws IOException {
        stores.close();
    }
}
