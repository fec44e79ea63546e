package io.bitdelta.node.auth;

import io.bitdelta.attestation.bytes.EvmAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.web3j.crypto.Keys;

/**
 * A Sign-In with Ethereum message (EIP-4361), parsed by its grammar and nothing looser.
 *
 * @param scheme of the origin, if the message names one
 * @param domain that asks for the signature: RFC 3986 authority
 * @param address that signs, with the EIP-55 checksum in the text
 * @param statement for the person who signs, if there is one
 * @param uri of what is signed in to
 * @param chainId of the chain where contract accounts are asked
 * @param nonce at least 8 letters and digits
 * @param issuedAt when it was made
 * @param expirationTime after which it is void, if it says so
 * @param notBefore before which it is void, if it says so
 * @param requestId the asking system's own name for it, if any
 * @param resources URIs
 */
public record LoginMessage(
        Optional<String> scheme,
        String domain,
        EvmAddress address,
        Optional<String> statement,
        URI uri,
        long chainId,
        String nonce,
        Instant issuedAt,
        Optional<Instant> expirationTime,
        Optional<Instant> notBefore,
        Optional<String> requestId,
        List<URI> resources) {
    /** No honest message is longer. */
    public static final int MAX_LENGTH = 4096;

    private static final Pattern FIRST = Pattern.compile(
            "(?:([A-Za-z][A-Za-z0-9+.-]*)://)?([A-Za-z0-9._~!$&'()*+,;=%:@\\[\\]-]+) wants you to sign in with your Ethereum account:");
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{40}");
    private static final Pattern STATEMENT = Pattern.compile("[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;= -]+");
    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9]{8,128}");
    private static final Pattern CHAIN_ID = Pattern.compile("[0-9]{1,18}");
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@%-]*");
    /** RFC 3339; a space instead of T and a missing offset are not RFC 3339. */
    private static final Pattern TIME = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})");

    /** Keeps a copy of the resources. */
    public LoginMessage {
        resources = List.copyOf(resources);
    }

    /**
     * Parses a message.
     *
     * @throws LoginRefusedException naming the line that breaks the grammar
     */
    public static LoginMessage parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new LoginRefusedException("the message is longer than %d characters".formatted(MAX_LENGTH));
        }
        return new Lines(text).message();
    }

    /** Reads line by line; the grammar's only line break is LF. */
    private static final class Lines {
        private final String[] lines;
        private int at;

        Lines(String text) {
            this.lines = text.split("\n", -1);
        }

        LoginMessage message() {
            Matcher first = FIRST.matcher(next("the domain"));
            if (!first.matches()) {
                throw wrong("is no \"<domain> wants you to sign in with your Ethereum account:\"");
            }
            EvmAddress address = address(next("the address"));
            empty("between the address and what follows");
            Optional<String> statement = Optional.empty();
            String line = next("the statement");
            if (!line.isEmpty()) {
                if (!STATEMENT.matcher(line).matches()) {
                    throw wrong("is no statement: only printable characters of a URI and spaces");
                }
                statement = Optional.of(line);
                empty("after the statement");
            }
            URI uri = uri(field("URI: "));
            if (!field("Version: ").equals("1")) {
                throw wrong("is not \"Version: 1\"");
            }
            String chainId = field("Chain ID: ");
            if (!CHAIN_ID.matcher(chainId).matches()) {
                throw wrong("is no chain id");
            }
            String nonce = field("Nonce: ");
            if (!NONCE.matcher(nonce).matches()) {
                throw wrong("is no nonce: at least 8 letters and digits");
            }
            Instant issuedAt = time(field("Issued At: "));
            Optional<Instant> expirationTime = optional("Expiration Time: ").map(this::time);
            Optional<Instant> notBefore = optional("Not Before: ").map(this::time);
            Optional<String> requestId = optional("Request ID: ");
            if (requestId.filter(id -> !REQUEST_ID.matcher(id).matches()).isPresent()) {
                throw wrong("is no request id");
            }
            List<URI> resources = resources();
            if (at < lines.length) {
                at++;
                throw wrong("follows the end of the message");
            }
            return new LoginMessage(
                    Optional.ofNullable(first.group(1)),
                    first.group(2),
                    address,
                    statement,
                    uri,
                    Long.parseLong(chainId),
                    nonce,
                    issuedAt,
                    expirationTime,
                    notBefore,
                    requestId,
                    resources);
        }

        private List<URI> resources() {
            List<URI> resources = new ArrayList<>();
            if (at < lines.length && lines[at].equals("Resources:")) {
                at++;
                while (at < lines.length && lines[at].startsWith("- ")) {
                    resources.add(uri(lines[at++].substring(2)));
                }
            }
            return resources;
        }

        private String next(String what) {
            if (at == lines.length) {
                throw new LoginRefusedException("the message ends before " + what);
            }
            return lines[at++];
        }

        private void empty(String where) {
            if (!next("its fields").isEmpty()) {
                throw wrong("should be empty, " + where);
            }
        }

        private String field(String label) {
            String line = next("\"" + label.strip() + "\"");
            if (!line.startsWith(label)) {
                throw wrong("should start with \"%s\"".formatted(label));
            }
            return line.substring(label.length());
        }

        private Optional<String> optional(String label) {
            return at < lines.length && lines[at].startsWith(label) ? Optional.of(field(label)) : Optional.empty();
        }

        private EvmAddress address(String text) {
            if (!ADDRESS.matcher(text).matches()
                    || !Keys.toChecksumAddress(text).equals(text)) {
                throw wrong("is no address with its EIP-55 checksum");
            }
            return EvmAddress.of(text);
        }

        private URI uri(String text) {
            try {
                URI uri = new URI(text);
                if (uri.getScheme() != null) {
                    return uri;
                }
            } catch (URISyntaxException malformed) {
                throw wrong("holds no URI");
            }
            throw wrong("holds no absolute URI");
        }

        private Instant time(String text) {
            try {
                if (TIME.matcher(text).matches()) {
                    return OffsetDateTime.parse(text).toInstant();
                }
            } catch (DateTimeException impossible) {
                throw wrong("holds no time that exists");
            }
            throw wrong("holds no RFC 3339 time");
        }

        private LoginRefusedException wrong(String how) {
            return new LoginRefusedException("line %d of the message %s".formatted(at, how));
        }
    }

    /** The text that is signed. */
    public String text() {
        StringBuilder text = new StringBuilder();
        scheme.ifPresent(named -> text.append(named).append("://"));
        text.append(domain)
                .append(" wants you to sign in with your Ethereum account:\n")
                .append(Keys.toChecksumAddress(address.hex()))
                .append("\n\n");
        statement.ifPresent(said -> text.append(said).append('\n'));
        text.append("\nURI: ").append(uri);
        text.append("\nVersion: 1\nChain ID: ").append(chainId);
        text.append("\nNonce: ").append(nonce);
        text.append("\nIssued At: ").append(issuedAt);
        expirationTime.ifPresent(time -> text.append("\nExpiration Time: ").append(time));
        notBefore.ifPresent(time -> text.append("\nNot Before: ").append(time));
        requestId.ifPresent(id -> text.append("\nRequest ID: ").append(id));
        if (!resources.isEmpty()) {
            text.append("\nResources:");
            resources.forEach(resource -> text.append("\n- ").append(resource));
        }
        return text.toString();
    }

    /** What a wallet is asked to sign here: no resources, five minutes. */
    public static LoginMessage of(
            String domain,
            URI uri,
            EvmAddress address,
            long chainId,
            String nonce,
            @Nullable String statement,
            Instant now) {
        return new LoginMessage(
                Optional.empty(),
                domain,
                address,
                Optional.ofNullable(statement),
                uri,
                chainId,
                nonce,
                now,
                Optional.of(now.plusSeconds(300)),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }
}
