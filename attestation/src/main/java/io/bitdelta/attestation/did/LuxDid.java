package io.bitdelta.attestation.did;

import io.bitdelta.attestation.bytes.EvmAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code did:lux:<chain id>:<address>} (LP-200). The address is lowercase before anything is hashed or compared.
 *
 * @param chainId the chain, 1 to 2^53 - 1
 * @param address the account
 */
public record LuxDid(long chainId, EvmAddress address) {
    private static final Pattern SYNTAX = Pattern.compile("did:lux:([1-9][0-9]{0,15}):(0x[0-9a-fA-F]{40})");

    /** Refuses chain ids that JSON cannot carry. */
    public LuxDid {
        if (chainId < 1 || chainId >= 1L << 53) {
            throw new IllegalArgumentException("chain id " + chainId + " is outside [1, 2^53)");
        }
    }

    /** A DID of an address text of any case. */
    public static LuxDid of(long chainId, String address) {
        return new LuxDid(chainId, EvmAddress.of(address));
    }

    /** A DID of 20 address bytes. */
    public static LuxDid of(long chainId, byte[] address) {
        return new LuxDid(chainId, EvmAddress.of(address));
    }

    /**
     * Parses a DID; the address may have any case.
     *
     * @throws DidSyntaxException when the text is something else
     */
    public static LuxDid parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new DidSyntaxException(
                    "not a did:lux identifier: \"" + (text.length() > 100 ? text.substring(0, 100) + "…" : text)
                            + "\" (did:lux:<chain id>:<0x and 40 hex digits> is needed)");
        }
        long chainId = Long.parseLong(matcher.group(1));
        if (chainId >= 1L << 53) {
            throw new DidSyntaxException("chain id " + chainId + " is not below 2^53");
        }
        return of(chainId, matcher.group(2));
    }

    @Override
    public String toString() {
        return "did:lux:" + chainId + ":" + address.hex();
    }
}
