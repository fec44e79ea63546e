package io.bitdelta.engine.serve;

import java.util.Set;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 * @param content its text
 */
public record ChatMessage(String role, String content) {
    private static final Set<String> ROLES = Set.of("system", "user", "assistant");

    /** Checks the role. */
    public ChatMessage {
        if (!ROLES.contains(role)) {
            throw new ChatTemplateException("role \"" + role + "\" is unknown; known are system, user, assistant");
        }
    }
}
