// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.List;
import org.postino.config.Expander;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// A list in the DNS with the weight of its word, as `postscreen_dnsbl_sites` has it: `zen.example=127.0.0.[2..11]*3`.
///
/// @param weight what a listed client's score gains; negative for lists of those that are trusted
public record DnsblSite(DnsList list, int weight) {
    /// Looks at the words of a value.
    enum Check implements ParamType.Words {
        /// Lists with weights.
        SITES {
            @Override
            public void check(List<String> items, Expander.Values others) throws ValueException {
                for (String item : items) {
                    parse(item);
                }
            }
        },
        /// Lists without.
        LISTS {
            @Override
            public void check(List<String> items, Expander.Values others) throws ValueException {
                for (String item : items) {
                    DnsList.parse(item);
                }
            }
        }
    }

    /// Reads `domain`, `domain=filter`, either with `*weight` behind it; a list without a weight counts 1.
    ///
    /// @throws ValueException says what is wrong with it
    public static DnsblSite parse(String text) throws ValueException {
        int star = text.lastIndexOf('*');
        String weight = star < 0 ? "1" : text.substring(star + 1);
        if (!weight.matches("[+-]?[0-9]{1,6}")) {
            throw new ValueException("the weight of a list is a number, not \"" + weight + "\"");
        }
        return new DnsblSite(
                DnsList.parse(star < 0 ? text : text.substring(0, star)), Integer.parseInt(weight));
    }
}
