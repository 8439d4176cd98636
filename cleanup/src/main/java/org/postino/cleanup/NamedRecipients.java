// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.Recipient;
import org.postino.table.TableException;

/// The recipients of a message on their way into the queue file: replaced by what they stand for, each once. They are written as they come,
/// unless somebody may have a say about them later. Owned by one thread.
final class NamedRecipients {
    private final RecipientRules rules;
    private final QueueFileWriter file;
    private final boolean wait;
    private final boolean probe;
    private final List<Recipient> waiting = new ArrayList<>();
    private final Set<String> known = new HashSet<>();

    /// @param wait keeps them until [#write]
    /// @param probe nobody gets a copy: the message is about the addresses in question, and no others
    NamedRecipients(RecipientRules rules, QueueFileWriter file, boolean wait, boolean probe) {
        this.rules = rules;
        this.file = file;
        this.wait = wait;
        this.probe = probe;
    }

    /// Takes a recipient, who may stand for others.
    void add(Recipient given)
            throws IOException, TableException, RecipientRules.ExpansionException {
        if (wait) {
            waiting.add(given);
        } else {
            named(given);
        }
    }

    /// Takes those out that were named so and wait.
    void remove(Address address) {
        waiting.removeIf(r -> Address.parse(r.address()).key().equals(address.key()));
    }

    /// Those that wait.
    List<Recipient> waiting() {
        return List.copyOf(waiting);
    }

    /// Writes those that have waited, and hidden copies; or the one who takes the place of them all.
    void write(@Nullable String redirect, Collection<String> copies)
            throws IOException, TableException, RecipientRules.ExpansionException {
        if (redirect != null && !waiting.isEmpty()) {
            expand(rules.recipient(Recipient.of(redirect, "", "", "")));
            return;
        }
        for (Recipient r : waiting) {
            named(r);
        }
        copy(rules.copies(copies));
    }

    /// Writes further recipients, whom nobody has named.
    void copy(List<Recipient> copies)
            throws IOException, TableException, RecipientRules.ExpansionException {
        for (Recipient copy : probe ? List.<Recipient>of() : copies) {
            expand(rules.recipient(copy));
        }
    }

    private void named(Recipient given)
            throws IOException, TableException, RecipientRules.ExpansionException {
        Recipient recipient = rules.recipient(given);
        expand(recipient);
        copy(rules.copiesFor(recipient));
    }

    private void expand(Recipient recipient)
            throws IOException, TableException, RecipientRules.ExpansionException {
        for (Recipient r : rules.expanded(recipient)) {
            var key = rules.duplicateKey(r, known.size());
            if (key.isEmpty() || known.add(key.get())) {
                file.recipient(r);
            }
        }
    }
}
