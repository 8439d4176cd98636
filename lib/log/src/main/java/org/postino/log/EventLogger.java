// SPDX-License-Identifier: Apache-2.0

package org.postino.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/// A logger that makes events.
final class EventLogger extends LegacyAbstractLogger {
    EventLogger(String name) {
        this.name = name;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        String text =
                arguments == null ? pattern : MessageFormatter.basicArrayFormat(pattern, arguments);
        EventLog.write(name, severity(level), thrown == null ? text : text + ": " + thrown);
    }

    private static Severity severity(Level level) {
        return switch (level) {
            case TRACE, DEBUG -> Severity.DEBUG;
            case INFO -> Severity.INFO;
            case WARN -> Severity.WARNING;
            case ERROR -> Severity.ERROR;
        };
    }

    @Override
    public boolean isTraceEnabled() {
        return EventLog.isWritten(Severity.DEBUG);
    }

    @Override
    public boolean isDebugEnabled() {
        return EventLog.isWritten(Severity.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return true;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }
}
