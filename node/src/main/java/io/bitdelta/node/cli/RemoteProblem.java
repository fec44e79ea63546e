package io.bitdelta.node.cli;

import io.bitdelta.node.client.JobFailedException;
import io.bitdelta.node.client.NodeRefusedException;

/** What a remote node's refusals mean for a command: the same exit codes as the same failures have here. */
final class RemoteProblem {
    private static final String TYPE = "urn:bitdelta:problem:";

    private RemoteProblem() {}

    /** The failure as a command's own, where it is a remote node's. */
    static Throwable translated(Throwable failure) {
        return switch (failure) {
            case NodeRefusedException e -> of(e.type(), e.status(), String.valueOf(e.getMessage()));
            case JobFailedException e -> of(e.type(), e.status(), String.valueOf(e.getMessage()));
            default -> failure;
        };
    }

    private static CommandException of(String type, int status, String detail) {
        String slug = type.startsWith(TYPE) ? type.substring(TYPE.length()) : type;
        if (slug.startsWith("voucher-") || slug.equals("weights-unknown")) {
            return CommandException.doesNotHold(detail);
        }
        if (slug.equals("evidence-expired")) {
            return CommandException.failure(detail);
        }
        return switch (status) {
            case 400, 404, 405, 406, 410, 413, 415, 422 -> CommandException.usage(detail);
            case 401, 403 ->
                CommandException.failure(
                        detail + " ('bitdelta node login' gives one; then --token, or BITDELTA_TOKEN)");
            default -> CommandException.failure(detail);
        };
    }
}
