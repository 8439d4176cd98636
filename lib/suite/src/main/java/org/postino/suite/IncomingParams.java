// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.List;
import org.postino.config.Expander;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.config.ParamType;
import org.postino.config.ValueException;
import org.postino.queue.ReceiveOverride;

/// Parameters of the programs that take messages in from outside: smtpd(8), pickup(8).
public final class IncomingParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// Messages go to this transport and next hop first, whoever their recipients are: a content filter,
    /// which hands them back to a port of its own. It is written transport:nexthop; if the next hop
    /// is empty, see default_filter_nexthop. Reports and forwarded mail are not filtered.
    ///
    /// Set it to have a scanner such as amavis look at all mail. The row at which the filter hands
    /// messages back must have an empty value (\-o content_filter=), or they go round for ever.
    ///
    ///     content_filter = smtp-amavis:[127.0.0.1]:10024
    public static final Param<String> CONTENT_FILTER = T.text("content_filter", "");

    /// Messages pass without some of the work that is done on new mail. no_unknown_recipient_checks:
    /// smtpd(8) takes recipients in our domains who do not exist. no_address_mappings: cleanup(8) leaves canonical,
    /// virtual alias and BCC tables out. no_header_body_checks: it does not ask header_checks, body_checks and their kin. no_milters: smtpd_milters and
    /// non_smtpd_milters are not asked.
    ///
    /// Set it around a content filter: no_address_mappings before it, so that aliases are expanded
    /// once, and the rest on the row where it hands messages back.
    ///
    ///     receive_override_options = no_address_mappings
    public static final Param<List<String>> RECEIVE_OVERRIDE_OPTIONS =
            T.list("receive_override_options", "", new Overrides());

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private IncomingParams() {}

    /// Finds words that are no [ReceiveOverride].
    private static final class Overrides implements ParamType.Words {
        @Override
        public void check(List<String> items, Expander.Values others) throws ValueException {
            var unknown = new ArrayList<>(items);
            unknown.removeIf(word -> ReceiveOverride.find(word) != null);
            if (!unknown.isEmpty()) {
                throw new ValueException(
                        "has no option "
                                + String.join(", ", unknown)
                                + "; there are "
                                + String.join(", ", ReceiveOverride.words()));
            }
        }
    }
}
