package io.bitdelta.node.api;

import java.util.Optional;

/** Where areas bind what the contract declares. */
public interface Operations {
    /**
     * Binds an operation. The handler runs on a virtual thread, after the caller was authenticated and authorised and the
     * request was found to match the contract; it may block.
     *
     * @param operationId of the contract
     * @throws IllegalArgumentException when the contract has no such operation or it is bound already
     */
    void on(String operationId, Handler handler);

    /**
     * Binds a public operation that can often be answered from memory. {@code ready} runs on the event loop and must not
     * block; when it has nothing, {@code handler} runs as in {@link #on}.
     */
    void on(String operationId, ReadyAnswer ready, Handler handler);

    /** Answers one call. */
    @FunctionalInterface
    interface Handler {
        /**
         * Answers.
         *
         * @throws Problem to refuse
         * @throws Exception anything else is told as the kind of failure that it is; its message only where it is meant for
         *     callers
         */
        Reply handle(Call call) throws Exception;
    }

    /** An answer that needs no work. */
    @FunctionalInterface
    interface ReadyAnswer {
        /** The answer, or empty when there is work to do. */
        Optional<Reply> find(Call call);
    }
}
