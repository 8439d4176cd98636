// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

/// The account that a program runs as when root starts the suite; see ADR 6.
public enum Role {
    /// Works on the queue; faces neither the network nor users' files.
    SPOOL("", Reach.OWN),
    SMTPD("-smtpd", Reach.OWN),
    /// Delivers over the network, out of queue files that are not its own.
    SMTP("-smtp", Reach.ACTIVE_QUEUE),
    /// Acts as the user who has logged in.
    IMAPD("-imapd", Reach.USERS),
    POP3D("-pop3d", Reach.USERS),
    /// Acts as the user whose mail it indexes.
    INDEXER("-indexer", Reach.USERS),
    /// Acts as the recipient, out of queue files that are not its own.
    LOCAL("-local", Reach.USERS_AND_ACTIVE_QUEUE),
    /// Decides about passwords.
    AUTH("-auth", Reach.OWN),
    /// Asks what only root may ask: shadow hashes and PAM.
    WORKER("", Reach.OWN);

    /// The reach of a role beyond its own files.
    private enum Reach {
        OWN,
        ACTIVE_QUEUE,
        USERS,
        USERS_AND_ACTIVE_QUEUE
    }

    private final String suffix;
    private final Reach reach;

    Role(String suffix, Reach reach) {
        this.suffix = suffix;
        this.reach = reach;
    }

    /// The end of the name of this role's account, behind the name of `mail_owner`.
    public String suffix() {
        return suffix;
    }

    /// True if it is root, without root's capabilities.
    public boolean isRoot() {
        return this == WORKER;
    }

    /// True if it is a member of the spool's group, which may open files of the active queue.
    public boolean usesActiveQueue() {
        return reach == Reach.ACTIVE_QUEUE || reach == Reach.USERS_AND_ACTIVE_QUEUE;
    }

    /// True if its threads take on the ids of other users.
    public boolean actsAsUsers() {
        return reach == Reach.USERS || reach == Reach.USERS_AND_ACTIVE_QUEUE;
    }
}
