package io.bitdelta.node.chain;

import io.bitdelta.contracts.artifact.RevertReason;
import io.bitdelta.contracts.artifact.RevertReasons;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call or transaction that the contract refuses; found before anything is sent wherever possible. */
public final class RevertedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String error;
    private final String data;

    /**
     * @param purpose what was being tried, in the user's words
     * @param error the custom error's name, or empty when there is none
     * @param sentence what the refusal means and what to do
     * @param data the raw revert data as 0x-hex
     */
    public RevertedException(String purpose, String error, String sentence, @Nullable String data) {
        super(purpose + ": the contract refuses: " + sentence);
        this.error = error;
        this.data = data == null ? "0x" : data;
    }

    /**
     * A refusal from its raw data.
     *
     * @param data 0x-hex as the node gave it, or null
     */
    static RevertedException of(String purpose, @Nullable String data) {
        Optional<RevertReason> reason = data == null ? Optional.empty() : RevertReasons.decode(data);
        return new RevertedException(
                purpose,
                reason.map(RevertReason::name).orElse(""),
                reason.map(RevertReason::sentence)
                        .orElse("it gives no reason that these contracts know (data %s)".formatted(data)),
                data);
    }

    /** The custom error's name, e.g. {@code StalePrev}; empty when the revert carried none. */
    public String error() {
        return error;
    }

    /** Raw revert data, 0x-hex. */
    public String data() {
        return data;
    }
}
