package io.bitdelta.node.cli;

/** What a remote node's refusals mean for a command: the same exit codes as the same failures have here. */
final class RemoteProblem {
    private static final String TYPE = "urn:bitdelta:problem:";

    private RemoteProblem() {}

    /**
     * The failure of a command.
     *
     * @param type of the problem document, or empty
     * @param status its status
     */
    static CommandException of(String type, int status, String detail) {
        String slug = type.startsWith(TYPE) ? type.substring(TYPE.length()) : type;
        if (slug.startsWith("voucher-") || slug.equals("weights-unknown")) {
            return CommandException.doesNotHold(detail);
        }
        if (slug.equals("evidence-expired")) {
            return CommandException.failure(detail);
        }
        return switch (status) {
            case 400, 404, 405, 406, 410, 413, 415, 422 -> CommandException.usage(detail);
            case 401, 403 -> CommandException.failure(detail + " (--token, or BITDELTA_TOKEN)");
            default -> CommandException.failure(detail);
        };
    }
}
