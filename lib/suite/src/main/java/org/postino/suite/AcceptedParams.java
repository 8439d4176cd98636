// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import org.postino.config.ParamTable;

/// Names that main.cf files of other systems contain and that are accepted without effect: what they set does not exist here, or is always so.
public final class AcceptedParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    static {
        none("biff", "no", "There is no comsat service.");
        none("command_directory", "", "Commands lie where the package puts them.");
        none("daemon_directory", "", "Daemons lie where the package puts them.");
        none("debug_peer_level", "2", "See the option -v of a row in master.cf.");
        none("debug_peer_list", "", "See the option -v of a row in master.cf.");
        none("debugger_command", "", "Daemons are not run under a debugger.");
        none(
                "delay_logging_resolution_limit",
                "2",
                "Delays are logged with two significant digits.");
        none("helpful_warnings", "yes", "Warnings are always helpful.");
        none("html_directory", "no", "Where documentation lies is up to the package.");
        none("in_flow_delay", "1s", "Each daemon bounds its own work.");
        none("ipc_idle", "5s", "Connections between daemons are kept while both run.");
        none("mailq_path", "", "Commands lie where the package puts them.");
        none("manpage_directory", "", "Where manual pages lie is up to the package.");
        none("max_use", "100", "A daemon serves as long as it has work.");
        none("meta_directory", "", "The package has no files of that kind.");
        none("newaliases_path", "", "Commands lie where the package puts them.");
        none("qmgr_clog_warn_time", "300s", "No destination can clog the active queue.");
        none("readme_directory", "no", "Where documentation lies is up to the package.");
        none("sample_directory", "", "Where documentation lies is up to the package.");
        none("sendmail_path", "", "Commands lie where the package puts them.");
        none("setgid_group", "postdrop", "There is no set-gid program.");
        none("shlib_directory", "no", "There are no shared libraries.");
        none("smtp_tls_session_cache_database", "", "Sessions are kept in memory.");
        none("smtp_tls_session_cache_timeout", "3600s", "Sessions are kept in memory.");
        none("smtpd_history_flush_threshold", "100", "Sessions keep no history.");
        none("smtpd_tls_session_cache_database", "", "Sessions are resumed by tickets.");
        none("smtpd_tls_session_cache_timeout", "3600s", "Sessions are resumed by tickets.");
        none("tls_random_source", "", "The system is the source.");
    }

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private AcceptedParams() {}

    private static void none(String name, String defaultText, String why) {
        T.text(name, defaultText, "Accepted without effect. " + why);
    }
}
