package io.bitdelta.node.soup.dispute;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A demand on the proposer of a soup, as the contract has it.
 *
 * @param id the contract's number
 * @param challenger whose bond it is
 * @param deadline block time until which it must be answered or, answered, can be rebutted
 * @param index chunk, member, weight or node
 * @param position word in the chunk, or level of the node
 * @param tree the contract's number of the tree
 * @param parent the vote that a word belongs to
 */
public record DisputeCase(
        BigInteger id,
        Bytes32 soupId,
        EvmAddress challenger,
        long deadline,
        Kind kind,
        Status status,
        long index,
        int position,
        int tree,
        BigInteger parent) {
    /** What is demanded. */
    public enum Kind {
        NONE(0),
        VOTE(1),
        WORD(2),
        MEMBER(3),
        WEIGHT(4),
        NODE(5);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** The contract's number. */
        public int code() {
            return code;
        }

        static Kind of(BigInteger code) {
            return Arrays.stream(values())
                    .filter(kind -> code.equals(BigInteger.valueOf(kind.code)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no kind of case has number " + code));
        }
    }

    /** Where it stands. */
    public enum Status {
        NONE(0),
        DEMANDED(1),
        ANSWERED(2),
        /** Settled for the proposer. */
        HELD(3),
        /** The challenger has its bond back. */
        WON(4);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        static Status of(BigInteger code) {
            return Arrays.stream(values())
                    .filter(status -> code.equals(BigInteger.valueOf(status.code)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no status of a case has number " + code));
        }
    }

    /** Whether its outcome is open. */
    public boolean open() {
        return status == Status.DEMANDED || status == Status.ANSWERED;
    }
}
