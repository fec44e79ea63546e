package io.bitdelta.node.did;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bitdelta.attestation.bytes.EvmAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A change of an identity as JSON has it: one word and the members that it needs, the others left out.
 *
 * @param change rotate, deactivate, add-delegate, remove-delegate, set-attribute or remove-attribute
 * @param address the new controller, or the delegate
 * @param name the delegate's type, or the attribute's name
 * @param value the attribute's, 0x-hex
 * @param seconds how long it holds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DidChangeForm(
        String change,
        @Nullable String address,
        @Nullable String name,
        @Nullable String value,
        @Nullable Long seconds) {
    private static final EvmAddress NOBODY = EvmAddress.of("0x" + "0".repeat(40));

    /** The form of a change. */
    public static DidChangeForm of(DidChange change) {
        return switch (change) {
            case DidChange.Rotate rotate ->
                rotate.owner().equals(NOBODY)
                        ? new DidChangeForm("deactivate", null, null, null, null)
                        : new DidChangeForm(change.word(), rotate.owner().hex(), null, null, null);
            case DidChange.AddDelegate add ->
                new DidChangeForm(change.word(), add.delegate().hex(), add.kind(), null, add.validitySeconds());
            case DidChange.RemoveDelegate remove ->
                new DidChangeForm(change.word(), remove.delegate().hex(), remove.kind(), null, null);
            case DidChange.SetAttribute set ->
                new DidChangeForm(change.word(), null, set.name(), set.valueHex(), set.validitySeconds());
            case DidChange.RemoveAttribute remove ->
                new DidChangeForm(change.word(), null, remove.name(), remove.valueHex(), null);
        };
    }

    /**
     * The change.
     *
     * @throws DidFormException naming the member that is missing, not wanted, or not what it should be
     */
    public DidChange parse() {
        return switch (change) {
            case "rotate" -> {
                only("address");
                EvmAddress next = someAddress();
                if (next.equals(NOBODY)) {
                    throw new DidFormException("address", "the zero address would end the DID: say deactivate");
                }
                yield new DidChange.Rotate(next);
            }
            case "deactivate" -> {
                only();
                yield new DidChange.Rotate(NOBODY);
            }
            case "add-delegate" -> {
                only("address", "name", "seconds");
                yield checked(
                        "name", () -> new DidChange.AddDelegate(some("name", name), someAddress(), someSeconds()));
            }
            case "remove-delegate" -> {
                only("address", "name");
                yield checked("name", () -> new DidChange.RemoveDelegate(some("name", name), someAddress()));
            }
            case "set-attribute" -> {
                only("name", "value", "seconds");
                yield checked(
                        "name",
                        () -> new DidChange.SetAttribute(some("name", name), some("value", value), someSeconds()));
            }
            case "remove-attribute" -> {
                only("name", "value");
                yield checked("name", () -> new DidChange.RemoveAttribute(some("name", name), some("value", value)));
            }
            default -> throw new DidFormException("change", "\"%s\" is no change".formatted(change));
        };
    }

    private void only(String... members) {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("address", address);
        given.put("name", name);
        given.put("value", value);
        given.put("seconds", seconds);
        given.forEach((member, content) -> {
            if (content != null && !Arrays.asList(members).contains(member)) {
                throw new DidFormException(member, "%s takes no %s".formatted(change, member));
            }
        });
    }

    private String some(String member, @Nullable String text) {
        if (text == null) {
            throw new DidFormException(member, "%s needs a %s".formatted(change, member));
        }
        return text;
    }

    private EvmAddress someAddress() {
        String text = some("address", address);
        return checked("address", () -> EvmAddress.of(text));
    }

    private long someSeconds() {
        if (seconds == null || seconds < 1) {
            throw new DidFormException("seconds", "%s needs seconds, at least 1".formatted(change));
        }
        return seconds;
    }

    private static <T> T checked(String member, Supplier<T> made) {
        try {
            return made.get();
        } catch (DidFormException already) {
            throw already;
        } catch (IllegalArgumentException unfit) {
            throw new DidFormException(member, String.valueOf(unfit.getMessage()));
        }
    }
}
