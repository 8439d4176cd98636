// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import org.postino.config.ParamTable;

/// Names that main.cf files of other systems contain and that are accepted without effect: what they set does not exist here, or is always so. The comments say for postconf(5) what each means to Postfix, and what to do with it.
public final class AcceptedParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    static {
        // Postfix tells a comsat service with this of new mail; there is none here.
        //
        // Remove the line when you like.
        none("biff", "no");

        // Postfix finds its commands here; ours lie where the package puts them.
        //
        // Remove the line when you like.
        none("command_directory", "");

        // Postfix finds its daemons here; ours lie where the package puts them.
        //
        // Remove the line when you like.
        none("daemon_directory", "");

        // Postfix logs more about the peers in debug_peer_list by this.
        //
        // Use the option -v of a row in master.cf instead.
        none("debug_peer_level", "2");

        // Postfix logs more about these peers.
        //
        // Use the option -v of a row in master.cf instead.
        none("debug_peer_list", "");

        // Postfix runs a daemon under a debugger with this; ours are not run so.
        //
        // Use the option -v of a row in master.cf to see more.
        none("debugger_command", "");

        // Postfix logs delays with this many digits after the point; ours have two significant
        // digits, as is its default.
        //
        // Remove the line when you like.
        none("delay_logging_resolution_limit", "2");

        // Postfix removes its lists of mail for a site by this; here qmgr looks at the queue
        // itself.
        //
        // Remove the line when you like.
        none("fast_flush_purge_time", "7d");

        // Postfix renews its lists of mail for a site by this; here qmgr looks at the queue itself.
        //
        // Remove the line when you like.
        none("fast_flush_refresh_time", "12h");

        // Postfix leaves out some warnings without this; ours are always there.
        //
        // Remove the line when you like.
        none("helpful_warnings", "yes");

        // Postfix notes here where its HTML pages lie; where documentation lies is up to our
        // package.
        //
        // Remove the line when you like.
        none("html_directory", "no");

        // Postfix slows down what takes mail in by this when the queue grows faster than it is
        // emptied; here each daemon bounds its own work.
        //
        // Remove the line when you like.
        none("in_flow_delay", "1s");

        // Postfix closes idle connections between daemons after this time; ours are kept while
        // both run.
        //
        // Remove the line when you like.
        none("ipc_idle", "5s");

        // Postfix looks for answers that a server of LMTP gives ahead of its time with this; here
        // what comes in clear before TLS is thrown away.
        //
        // Remove the line when you like.
        none("lmtp_tls_block_early_mail_reply", "no");

        // Postfix keeps connections of LMTP with TLS in a proxy by this; here they are kept like
        // all others.
        //
        // Remove the line when you like.
        none("lmtp_tls_connection_reuse", "no");

        // Postfix shows servers of LMTP this certificate of DSA; nobody takes such certificates
        // any more.
        //
        // Use lmtp_tls_chain_files with an ECDSA or RSA key.
        none("lmtp_tls_dcert_file", "");

        // Postfix reads the key of lmtp_tls_dcert_file here.
        //
        // Use lmtp_tls_chain_files with an ECDSA or RSA key.
        none("lmtp_tls_dkey_file", "$lmtp_tls_dcert_file");

        // Postfix keeps the TLS sessions of its LMTP client in this table; ours are kept in
        // memory.
        //
        // Remove the line when you like.
        none("lmtp_tls_session_cache_database", "");

        // Postfix forgets the TLS sessions of its LMTP client after this time; how long ours are
        // kept in memory is up to the Java machine.
        //
        // Remove the line when you like.
        none("lmtp_tls_session_cache_timeout", "3600s");

        // Postfix notes here where mailq lies; ours lies where the package puts it.
        //
        // Remove the line when you like.
        none("mailq_path", "");

        // Postfix notes here where its manual pages lie; that is up to our package.
        //
        // Remove the line when you like.
        none("manpage_directory", "");

        // Postfix ends a process after it has served this many clients; one of ours serves as long
        // as it has work.
        //
        // Set max_idle if processes shall leave sooner.
        none("max_use", "100");

        // Postfix keeps lists of its files here; our package has none.
        //
        // Remove the line when you like.
        none("meta_directory", "");

        // Postfix notes here where newaliases lies; ours lies where the package puts it.
        //
        // Remove the line when you like.
        none("newaliases_path", "");

        // Postfix cleans the file of postscreen's results this often; anvil does it when half of
        // its
        // file is out of date.
        //
        // Remove the line when you like.
        none("postscreen_cache_cleanup_interval", "12h");

        // Postfix lets so many clients wait behind postscreen for smtpd; here both are one process.
        //
        // Set the limit of sessions of the row smtpd pass in master.cf instead.
        none("postscreen_post_queue_limit", "$default_process_limit");

        // Postfix ends a postscreen that does nothing for this long; here no client can stop
        // another.
        //
        // Remove the line when you like.
        none("postscreen_watchdog_timeout", "10s");

        // Postfix warns this often of a destination that fills the active queue; none can do that
        // here.
        //
        // Look at postqueue -p for what waits.
        none("qmgr_clog_warn_time", "300s");

        // Postfix notes here where its texts lie; where documentation lies is up to our package.
        //
        // Remove the line when you like.
        none("readme_directory", "no");

        // Postfix delivers by this what an alias in another alias stands for at once, although the
        // outer one has an owner; here addresses of an alias with more than one always go into a
        // message of their own, so that one who cannot be reached does not make the others wait.
        //
        // Remove the line when you like.
        none("reset_owner_alias", "no");

        // Postfix notes here where its examples lie; where documentation lies is up to our
        // package.
        //
        // Remove the line when you like.
        none("sample_directory", "");

        // Postfix notes here where sendmail lies; ours lies where the package puts it.
        //
        // Remove the line when you like.
        none("sendmail_path", "");

        // Postfix runs postdrop and postqueue with this group; no program of ours is set-gid.
        //
        // Remove the line when you like.
        none("setgid_group", "postdrop");

        // Postfix notes here where its shared libraries lie; there are none here.
        //
        // Remove the line when you like.
        none("shlib_directory", "no");

        // Postfix looks for answers that a server gives ahead of its time with this; here what
        // comes in clear before TLS is thrown away.
        //
        // Remove the line when you like.
        none("smtp_tls_block_early_mail_reply", "no");

        // Postfix keeps connections with TLS in a proxy by this; here they are kept like all
        // others.
        //
        // Remove the line when you like.
        none("smtp_tls_connection_reuse", "no");

        // Postfix shows this certificate of DSA to servers; nobody takes such certificates any
        // more.
        //
        // Use smtp_tls_chain_files with an ECDSA or RSA key.
        none("smtp_tls_dcert_file", "");

        // Postfix reads the key of smtp_tls_dcert_file here.
        //
        // Use smtp_tls_chain_files with an ECDSA or RSA key.
        none("smtp_tls_dkey_file", "$smtp_tls_dcert_file");

        // Postfix keeps the TLS sessions of its client in this table; ours are kept in memory.
        //
        // Remove the line when you like.
        none("smtp_tls_session_cache_database", "");

        // Postfix forgets the TLS sessions of its client after this time; how long ours are kept
        // in memory is up to the Java machine.
        //
        // Remove the line when you like.
        none("smtp_tls_session_cache_timeout", "3600s");

        // Postfix keeps this many lines of a session for a report to the postmaster; our sessions
        // keep none.
        //
        // Remove the line when you like.
        none("smtpd_history_flush_threshold", "100");

        // Postfix begins a message at MAIL and not at the first good recipient without this; ours
        // always waits for the recipient.
        //
        // Remove the line when you like.
        none("smtpd_delay_open_until_valid_rcpt", "yes");

        // Postfix gives a request a time limit as a whole by this; ours always does.
        //
        // Remove the line when you like.
        none("smtpd_per_request_deadline", "${stress?{yes}:{no}}");

        // Postfix tells the Cyrus SASL library its realm by this; our users are looked up as
        // auth(8)
        // is told to.
        //
        // Use auth_username_format for names with a domain.
        none("smtpd_sasl_local_domain", "");

        // Postfix names here the service to which postscreen(8) hands clients.
        //
        // Remove the line when you like.
        none("smtpd_service_name", "smtpd");

        // Postfix gives clients session ids even if it has no cache by this; ours always get them.
        //
        // Remove the line when you like.
        none("smtpd_tls_always_issue_session_ids", "yes");

        // Postfix shows this certificate of DSA; no client takes such certificates any more.
        //
        // Use smtpd_tls_chain_files with an ECDSA or RSA key.
        none("smtpd_tls_dcert_file", "");

        // Postfix agrees on keys in the group in this file with clients that know no curves; ours
        // are those of RFC 7919.
        //
        // Remove the line when you like.
        none("smtpd_tls_dh1024_param_file", "");

        // Postfix had a group for ciphers of the grade export here; there are none any more.
        //
        // Remove the line when you like.
        none("smtpd_tls_dh512_param_file", "");

        // Postfix reads the key of smtpd_tls_dcert_file here.
        //
        // Use smtpd_tls_chain_files with an ECDSA or RSA key.
        none("smtpd_tls_dkey_file", "$smtpd_tls_dcert_file");

        // Postfix keeps the TLS sessions of its server in this table; clients resume ours by
        // tickets.
        //
        // Remove the line when you like.
        none("smtpd_tls_session_cache_database", "");

        // Postfix forgets the TLS sessions of its server after this time; how long our tickets are
        // good for is up to the Java machine.
        //
        // Remove the line when you like.
        none("smtpd_tls_session_cache_timeout", "3600s");

        // Postfix reads settings of OpenSSL here; there is no OpenSSL in our programs.
        //
        // Remove the line when you like.
        none("tls_config_file", "default");

        // Postfix reads this section of OpenSSL's settings; there is no OpenSSL in our programs.
        //
        // Remove the line when you like.
        none("tls_config_name", "");

        // Postfix hands each of its daemons so many random bytes; ours take theirs from the
        // system.
        //
        // Remove the line when you like.
        none("tls_daemon_random_bytes", "32");

        // Postfix leaves out workarounds of OpenSSL for other programs' faults by this; the Java
        // machine has none of them.
        //
        // Remove the line when you like.
        none("tls_disable_workarounds", "");

        // Postfix ends TLS without waiting for the peer's word by this; ours never wait.
        //
        // Remove the line when you like.
        none("tls_fast_shutdown_enable", "yes");

        // Postfix makes fingerprints of keys as it did before its version 2.9 by this; ours are
        // made as since then.
        //
        // Make new fingerprints if yours are that old.
        none("tls_legacy_public_key_fingerprints", "no");

        // Postfix encrypts with nothing by this list; the Java machine has no such cipher.
        //
        // Remove the line when you like.
        none("tls_null_cipherlist", "eNULL:!aNULL");

        // Postfix takes so many random bytes at a time; ours come from the system.
        //
        // Remove the line when you like.
        none("tls_random_bytes", "32");

        // Postfix keeps the state of its random numbers in this file; ours come from the system.
        //
        // Remove the line when you like.
        none("tls_random_exchange_name", "${data_directory}/prng_exch");

        // Postfix stores the state of its random numbers this often; ours come from the system.
        //
        // Remove the line when you like.
        none("tls_random_prng_update_period", "3600s");

        // Postfix takes new random numbers this often; ours come from the system.
        //
        // Remove the line when you like.
        none("tls_random_reseed_period", "3600s");

        // Postfix gets random numbers from here; ours come from the system.
        //
        // Remove the line when you like.
        none("tls_random_source", "");
    }

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private AcceptedParams() {}

    private static void none(String name, String defaultText) {
        T.text(name, defaultText);
    }
}
