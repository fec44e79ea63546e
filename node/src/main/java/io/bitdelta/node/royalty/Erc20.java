package io.bitdelta.node.royalty;

import io.bitdelta.attestation.bytes.AbiWords;
import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.contracts.DevelopmentToken;
import io.bitdelta.node.chain.ChainClient;
import io.bitdelta.node.chain.ChainException;
import java.math.BigInteger;
import java.util.Optional;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.tx.gas.DefaultGasProvider;

/** An ERC-20 token on the chain, foreign and untrusted. */
final class Erc20 {
    private static final Bytes32 PERMIT_TYPE =
            Keccak256.ofText("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    private final ChainClient chain;
    private final EvmAddress address;
    private final DevelopmentToken token;

    Erc20(ChainClient chain, EvmAddress address) {
        this.chain = chain;
        this.address = address;
        // The bindings of any OpenZeppelin token fit every ERC-20.
        this.token = DevelopmentToken.load(address.hex(), chain.web3(), chain.readOnly(), new DefaultGasProvider());
    }

    EvmAddress address() {
        return address;
    }

    BigInteger allowance(EvmAddress owner, EvmAddress spender) {
        return chain.read("allowance of " + owner, token.allowance(owner.hex(), spender.hex()));
    }

    BigInteger balance(EvmAddress owner) {
        return chain.read("balance of " + owner, token.balanceOf(owner.hex()));
    }

    /** Calldata of {@code approve}. */
    String approve(EvmAddress spender, BigInteger amount) {
        return token.approve(spender.hex(), amount).encodeFunctionCall();
    }

    /** What it says of itself; empty when it says nothing that can be shown. */
    Optional<Token> described() {
        if (chain.code(address.hex()).length() <= 2) {
            throw new RoyaltyInputException(
                    "there is no token at %s on chain %d".formatted(address, chain.chainId()));
        }
        Optional<BigInteger> decimals = optional(token.decimals());
        Optional<String> symbol = optional(token.symbol());
        if (decimals.isEmpty()
                || decimals.get().compareTo(BigInteger.valueOf(Token.MOST_DECIMALS)) > 0
                || symbol.isEmpty()
                || !Token.isSymbol(symbol.get())) {
            return Optional.empty();
        }
        return Optional.of(new Token(address.hex(), decimals.get().intValueExact(), symbol.get()));
    }

    /** The digest that an owner signs to allow a spender (ERC-2612); empty when the token knows no permits. */
    Optional<Bytes32> permitDigest(EvmAddress owner, EvmAddress spender, BigInteger amount, long deadline) {
        Optional<byte[]> domain = optional(token.DOMAIN_SEPARATOR());
        Optional<BigInteger> nonce = optional(token.nonces(owner.hex()));
        if (domain.isEmpty() || nonce.isEmpty()) {
            return Optional.empty();
        }
        Bytes32 struct = new AbiWords()
                .word(PERMIT_TYPE)
                .address(owner)
                .address(spender)
                .uint(amount)
                .uint(nonce.get())
                .uint(deadline)
                .keccak();
        return Optional.of(Keccak256.of(new byte[] {0x19, 0x01}, domain.get(), struct.bytes()));
    }

    /** A token may revert or answer nonsense where it lacks a function; a chain that is away is another matter. */
    private <T> Optional<T> optional(RemoteFunctionCall<T> view) {
        try {
            return Optional.ofNullable(chain.read("token " + address, view));
        } catch (ChainException refused) {
            chain.head();
            return Optional.empty();
        }
    }
}
