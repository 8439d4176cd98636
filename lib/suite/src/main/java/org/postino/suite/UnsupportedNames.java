// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.Set;

/// Names of Postfix's parameters that nothing here honours yet: warnings, but errors where ignoring one would let something in,
/// out or through that shall not.
final class UnsupportedNames {
    /// Names of parameters that filter, refuse, verify or encrypt.
    private static final Set<String> PROTECTIONS = Set.of("local_login_sender_maps");

    private static final Set<String> OFF = Set.of("", "no", "none", "ignore");

    private static final Set<String> SERVICE_SUFFIXES =
            Set.of(
                    "_delivery_slot_cost",
                    "_delivery_slot_discount",
                    "_delivery_slot_loan",
                    "_destination_concurrency_negative_feedback",
                    "_destination_concurrency_positive_feedback",
                    "_extra_recipient_limit",
                    "_minimum_delivery_slots",
                    "_recipient_limit",
                    "_recipient_refill_delay",
                    "_recipient_refill_limit",
                    "_time_limit");
    private static final String TEXT =
            """




            allow_min_user alternate_config_directories anvil_status_update_time
            application_event_drain_time backwards_bounce_logfile_compatibility
            berkeley_db_create_buffer_size berkeley_db_read_buffer_size best_mx_transport
            bounce_service_name bounce_template_file bsmtp_delivery_slot_cost
            bsmtp_delivery_slot_discount bsmtp_delivery_slot_loan
            bsmtp_destination_concurrency_negative_feedback bsmtp_destination_concurrency_positive_feedback
            bsmtp_extra_recipient_limit bsmtp_minimum_delivery_slots bsmtp_recipient_limit
            bsmtp_recipient_refill_delay bsmtp_recipient_refill_limit bsmtp_time_limit
            command_execution_directory
            confirm_delay_cleared connection_cache_protocol_timeout connection_cache_service_name
            connection_cache_status_update_time connection_cache_ttl_limit
            cyrus_sasl_config_path daemon_table_open_error_is_fatal default_cache_db_type
            default_delivery_slot_cost default_delivery_slot_discount default_delivery_slot_loan
            default_delivery_status_filter default_destination_concurrency_negative_feedback
            default_destination_concurrency_positive_feedback default_extra_recipient_limit
            default_minimum_delivery_slots default_recipient_limit
            default_recipient_refill_delay default_recipient_refill_limit default_verp_delimiters
            defer_service_name destination_concurrency_feedback_debug disable_verp_bounces
            dns_ncache_ttl_fix_enable dnsblog_reply_delay dnsblog_service_name dnssec_probe dont_remove
            empty_address_default_transport_maps_lookup_key empty_address_local_login_sender_maps_lookup_key
            empty_address_relayhost_maps_lookup_key enable_idna2003_compatibility enable_threaded_bounces
            error_delivery_slot_cost error_delivery_slot_discount error_delivery_slot_loan
            error_destination_concurrency_negative_feedback error_destination_concurrency_positive_feedback
            error_extra_recipient_limit error_minimum_delivery_slots error_notice_recipient
            error_recipient_limit error_recipient_refill_delay error_recipient_refill_limit
            error_service_name execution_directory_expansion_filter
            fault_injection_code
            flush_service_name fork_attempts fork_delay forward_expansion_filter
            ifmail_delivery_slot_cost
            ifmail_delivery_slot_discount ifmail_delivery_slot_loan
            ifmail_destination_concurrency_negative_feedback
            ifmail_destination_concurrency_positive_feedback ifmail_extra_recipient_limit
            ifmail_minimum_delivery_slots ifmail_recipient_limit ifmail_recipient_refill_delay
            ifmail_recipient_refill_limit ifmail_time_limit info_log_address_format
            ipc_ttl known_tcp_ports lmdb_map_size lmtp_assume_final lmtp_balance_inet_protocols
            lmtp_bind_address_enforce lmtp_cname_overrides_servername lmtp_connection_cache_destinations
            lmtp_connection_cache_on_demand lmtp_delivery_slot_cost lmtp_delivery_slot_discount
            lmtp_delivery_slot_loan lmtp_delivery_status_filter
            lmtp_destination_concurrency_negative_feedback
            lmtp_destination_concurrency_positive_feedback lmtp_discard_lhlo_keyword_address_maps
            lmtp_dns_resolver_options lmtp_dns_support_level lmtp_extra_recipient_limit
            lmtp_fallback_relay lmtp_min_data_rate lmtp_minimum_delivery_slots lmtp_per_request_deadline
            lmtp_pix_workaround_delay_time lmtp_pix_workaround_maps lmtp_pix_workaround_threshold_time
            lmtp_pix_workarounds lmtp_quote_rfc821_envelope lmtp_recipient_limit
            lmtp_recipient_refill_delay lmtp_recipient_refill_limit lmtp_reply_filter
            lmtp_sasl_auth_cache_name lmtp_sasl_auth_cache_time lmtp_sasl_path
            lmtp_sasl_tls_verified_security_options lmtp_sasl_type lmtp_send_dummy_mail_auth
            lmtp_tls_force_insecure_host_tlsa_lookup local_delivery_slot_cost
            local_delivery_slot_discount
            local_delivery_slot_loan local_delivery_status_filter
            local_destination_concurrency_negative_feedback local_destination_concurrency_positive_feedback
            local_extra_recipient_limit local_login_sender_maps
            local_minimum_delivery_slots local_recipient_limit local_recipient_refill_delay
            local_recipient_refill_limit mail_release_date
            maildrop_delivery_slot_cost maildrop_delivery_slot_discount maildrop_delivery_slot_loan
            maildrop_destination_concurrency_negative_feedback
            maildrop_destination_concurrency_positive_feedback maildrop_extra_recipient_limit
            maildrop_minimum_delivery_slots maildrop_recipient_limit maildrop_recipient_refill_delay
            maildrop_recipient_refill_limit maildrop_time_limit
            mailman_delivery_slot_cost mailman_delivery_slot_discount
            mailman_delivery_slot_loan mailman_destination_concurrency_negative_feedback
            mailman_destination_concurrency_positive_feedback mailman_extra_recipient_limit
            mailman_minimum_delivery_slots mailman_recipient_limit mailman_recipient_refill_delay
            mailman_recipient_refill_limit mailman_time_limit
            master_service_disable multi_instance_directories
            multi_instance_enable multi_instance_group multi_instance_wrapper openssl_path
            pickup_service_name pipe_delivery_status_filter postlog_service_name
            postlogd_watchdog_timeout postmulti_control_commands postmulti_start_commands
            postmulti_stop_commands proxy_read_maps proxy_write_maps
            proxymap_service_name proxywrite_service_name qmgr_daemon_timeout qmgr_fudge_factor
            qmgr_ipc_timeout qmgr_message_recipient_minimum qmqpd_authorized_clients
            qmqpd_client_port_logging qmqpd_error_delay qmqpd_timeout queue_file_attribute_count_limit
            queue_service_name
            relay_delivery_slot_cost relay_delivery_slot_discount relay_delivery_slot_loan
            relay_destination_concurrency_negative_feedback relay_destination_concurrency_positive_feedback
            relay_extra_recipient_limit relay_minimum_delivery_slots relay_recipient_limit
            relay_recipient_refill_delay relay_recipient_refill_limit
            require_home_directory
            respectful_logging retry_delivery_slot_cost retry_delivery_slot_discount
            retry_delivery_slot_loan retry_destination_concurrency_negative_feedback
            retry_destination_concurrency_positive_feedback retry_extra_recipient_limit
            retry_minimum_delivery_slots retry_recipient_limit retry_recipient_refill_delay
            retry_recipient_refill_limit rewrite_service_name scalemail-backend_delivery_slot_cost
            scalemail-backend_delivery_slot_discount scalemail-backend_delivery_slot_loan
            scalemail-backend_destination_concurrency_negative_feedback
            scalemail-backend_destination_concurrency_positive_feedback
            scalemail-backend_extra_recipient_limit scalemail-backend_minimum_delivery_slots
            scalemail-backend_recipient_limit scalemail-backend_recipient_refill_delay
            scalemail-backend_recipient_refill_limit scalemail-backend_time_limit send_cyrus_sasl_authzid
            sendmail_fix_line_endings showq_service_name smtp_balance_inet_protocols
            smtp_bind_address_enforce
            smtp_cname_overrides_servername smtp_connection_cache_destinations
            smtp_connection_cache_on_demand smtp_delivery_slot_cost smtp_delivery_slot_discount
            smtp_delivery_slot_loan smtp_delivery_status_filter
            smtp_destination_concurrency_negative_feedback smtp_destination_concurrency_positive_feedback
            smtp_discard_ehlo_keyword_address_maps smtp_dns_resolver_options smtp_dns_support_level
            smtp_extra_recipient_limit smtp_log_tls_feature_status smtp_min_data_rate
            smtp_minimum_delivery_slots smtp_per_request_deadline
            smtp_pix_workaround_delay_time smtp_pix_workaround_maps smtp_pix_workaround_threshold_time
            smtp_pix_workarounds smtp_quote_rfc821_envelope smtp_recipient_limit smtp_recipient_refill_delay
            smtp_recipient_refill_limit smtp_reply_filter smtp_sasl_auth_cache_name
            smtp_sasl_auth_cache_time smtp_sasl_path smtp_sasl_tls_verified_security_options smtp_sasl_type
            smtp_send_dummy_mail_auth
            smtp_tls_dane_insecure_mx_policy
            smtp_tls_enforce_sts_mx_patterns
            smtp_tls_force_insecure_host_tlsa_lookup
            smtp_tlsrpt_enable
            smtpd_authorized_verp_clients strict_smtputf8 sun_mailtool_compatibility
            tcp_windowsize
            tls_dane_digests
            tls_wildcard_matches_multiple_labels tlsmgr_service_name tlsproxy_client_CAfile
            tlsproxy_client_CApath tlsproxy_client_cert_file tlsproxy_client_chain_files
            tlsproxy_client_dcert_file tlsproxy_client_dkey_file tlsproxy_client_eccert_file
            tlsproxy_client_eckey_file tlsproxy_client_enforce_tls tlsproxy_client_fingerprint_digest
            tlsproxy_client_key_file tlsproxy_client_loglevel tlsproxy_client_loglevel_parameter
            tlsproxy_client_per_site tlsproxy_client_policy_maps tlsproxy_client_scert_verifydepth
            tlsproxy_client_security_level tlsproxy_client_use_tls tlsproxy_enforce_tls
            tlsproxy_service_name tlsproxy_tls_CAfile tlsproxy_tls_CApath
            tlsproxy_tls_always_issue_session_ids tlsproxy_tls_ask_ccert tlsproxy_tls_ccert_verifydepth
            tlsproxy_tls_cert_file tlsproxy_tls_chain_files tlsproxy_tls_ciphers tlsproxy_tls_dcert_file
            tlsproxy_tls_dh1024_param_file tlsproxy_tls_dh512_param_file tlsproxy_tls_dkey_file
            tlsproxy_tls_eccert_file tlsproxy_tls_eckey_file tlsproxy_tls_eecdh_grade
            tlsproxy_tls_exclude_ciphers tlsproxy_tls_fingerprint_digest tlsproxy_tls_key_file
            tlsproxy_tls_loglevel tlsproxy_tls_mandatory_ciphers tlsproxy_tls_mandatory_exclude_ciphers
            tlsproxy_tls_mandatory_protocols tlsproxy_tls_protocols tlsproxy_tls_req_ccert
            tlsproxy_tls_security_level tlsproxy_use_tls tlsproxy_watchdog_timeout trace_service_name
            trigger_timeout

            uucp_delivery_slot_cost uucp_delivery_slot_discount
            uucp_delivery_slot_loan uucp_destination_concurrency_negative_feedback
            uucp_destination_concurrency_positive_feedback uucp_extra_recipient_limit
            uucp_minimum_delivery_slots uucp_recipient_limit uucp_recipient_refill_delay
            uucp_recipient_refill_limit uucp_time_limit verp_delimiter_filter virtual_delivery_slot_cost
            virtual_delivery_slot_discount virtual_delivery_slot_loan virtual_delivery_status_filter
            virtual_destination_concurrency_negative_feedback
            virtual_destination_concurrency_positive_feedback virtual_extra_recipient_limit
            virtual_minimum_delivery_slots virtual_recipient_limit virtual_recipient_refill_delay
            virtual_recipient_refill_limit
            """;

    private UnsupportedNames() {}

    static boolean contains(String name) {
        return Set.of(TEXT.split("\\s+")).contains(name);
    }

    /// True if a suite that ignores it is less safe than its administrator meant it to be.
    static boolean isProtection(String name) {
        return PROTECTIONS.contains(name);
    }

    /// True if a value asks for nothing.
    static boolean off(String value) {
        return OFF.contains(value.strip());
    }

    /// True if a name is one that every service of a kind may have, as `SERVICE_time_limit`, less the service.
    static boolean isOfService(String rest) {
        return SERVICE_SUFFIXES.contains(rest);
    }
}
