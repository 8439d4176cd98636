// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.routing.Networks;
import org.postino.suite.PostscreenParams;
import org.postino.table.Table;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// The clients that are not tested: they pass, or are refused (`postscreen_access_list`). Safe for use by several threads.
final class PostscreenAccess {
    private final List<Item> items;
    private final Networks mynetworks;

    enum Verdict {
        PERMIT,
        REJECT,
        DUNNO
    }

    /// A word of the list, or a table of which each result is a list of words.
    private record Item(String word, Optional<Table> table) {}

    PostscreenAccess(Config config, Tables tables) {
        mynetworks = Networks.mynetworks(config);
        items =
                config.get(PostscreenParams.POSTSCREEN_ACCESS_LIST).stream()
                        .map(word ->
                                new Item(
                                        word,
                                        word.indexOf(':') < 0
                                                ? Optional.empty()
                                                : Optional.of(tables.open(word))))
                        .toList();
    }

    /// The verdict about an address. A table that cannot be asked says nothing.
    Verdict of(InetAddress client) {
        for (Item item : items) {
            try {
                Optional<Verdict> said =
                        item.table().isPresent()
                                ? inTable(item.table().get(), client)
                                : word(item.word(), client);
                if (said.isPresent()) {
                    return said.get();
                }
            } catch (TableException e) {
                PostscreenLog.warning(String.valueOf(e.getMessage()));
            }
        }
        return Verdict.DUNNO;
    }

    private Optional<Verdict> inTable(Table table, InetAddress client) throws TableException {
        String words = table.lookup(Client.text(client)).orElse("").strip();
        for (String word : words.isEmpty() ? new String[0] : words.split("[,\\s]+")) {
            Optional<Verdict> said = word(word, client);
            if (said.isPresent()) {
                return said;
            }
        }
        return Optional.empty();
    }

    private Optional<Verdict> word(String word, InetAddress client) throws TableException {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "permit" -> Optional.of(Verdict.PERMIT);
            case "reject" -> Optional.of(Verdict.REJECT);
            case "dunno" -> Optional.of(Verdict.DUNNO);
            case "permit_mynetworks" ->
                    mynetworks.contains(client) ? Optional.of(Verdict.PERMIT) : Optional.empty();
            default -> {
                PostscreenLog.warning("postscreen_access_list: unknown word \"" + word + "\"");
                yield Optional.empty();
            }
        };
    }
}
