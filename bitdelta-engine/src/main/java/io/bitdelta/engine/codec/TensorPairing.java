package io.bitdelta.engine.codec;

import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which tensor of the fine-tune belongs to which of the base. Names are equal, or differ by the prefix {@code model.} on
 * one side (the same weights saved with and without their head).
 */
final class TensorPairing {
    private static final String PREFIX = "model.";

    private final Checkpoint base;
    private final Checkpoint finetuned;
    private final Map<String, Tensor> partners = new TreeMap<>(Checkpoint.NAME_ORDER);
    private final List<String> missing = new ArrayList<>();
    private final List<String> extra = new ArrayList<>();

    private TensorPairing(Checkpoint base, Checkpoint finetuned) {
        this.base = base;
        this.finetuned = finetuned;
    }

    /**
     * Pairs two checkpoints.
     *
     * @throws NothingToCompressException if they share no tensor
     */
    static TensorPairing of(Checkpoint base, Checkpoint finetuned) {
        TensorPairing pairing = new TensorPairing(base, finetuned);
        pairing.pair();
        return pairing;
    }

    private void pair() {
        long same = count("", "");
        long baseLonger = count(PREFIX, "");
        long finetunedLonger = count("", PREFIX);
        // Exact names win ties; a prefix is believed only when it pairs more tensors.
        String basePrefix = baseLonger > same && baseLonger >= finetunedLonger ? PREFIX : "";
        String finetunedPrefix = basePrefix.isEmpty() && finetunedLonger > same ? PREFIX : "";
        List<String> used = new ArrayList<>();
        for (Tensor tensor : base.tensors()) {
            String partner = partnerName(tensor.name(), basePrefix, finetunedPrefix);
            finetuned
                    .tensor(partner)
                    .or(() -> finetuned.tensor(tensor.name()))
                    .ifPresentOrElse(
                            found -> {
                                partners.put(tensor.name(), found);
                                used.add(found.name());
                            },
                            () -> missing.add(tensor.name()));
        }
        if (partners.isEmpty()) {
            throw new NothingToCompressException(
                    base.path(), finetuned.path(), "they have no tensor name in common; is this the right base?");
        }
        Set<String> paired = new HashSet<>(used);
        for (Tensor tensor : finetuned.tensors()) {
            if (paired.contains(tensor.name())) {
                continue;
            }
            if (base.tensor(tensor.name()).isPresent()) {
                throw new NothingToCompressException(
                        base.path(), finetuned.path(), "tensor " + tensor.name() + " would have two partners");
            }
            extra.add(tensor.name());
            partners.put(tensor.name(), tensor);
        }
    }

    private long count(String basePrefix, String finetunedPrefix) {
        return base.tensors().stream()
                .filter(t -> finetuned
                        .tensor(partnerName(t.name(), basePrefix, finetunedPrefix))
                        .isPresent())
                .count();
    }

    private static String partnerName(String name, String basePrefix, String finetunedPrefix) {
        String bare = name.startsWith(basePrefix) ? name.substring(basePrefix.length()) : name;
        return finetunedPrefix + bare;
    }

    /** The base's checkpoint. */
    Checkpoint base() {
        return base;
    }

    /** The fine-tune's checkpoint. */
    Checkpoint finetuned() {
        return finetuned;
    }

    /** The base's tensor of that name. */
    Tensor base(String name) {
        return base.tensor(name).orElseThrow(() -> new IllegalArgumentException("the base has no tensor " + name));
    }

    /** The fine-tune's partner of the base's tensor {@code name}, or its extra tensor of that name. */
    Tensor finetuned(String name) {
        Tensor partner = partners.get(name);
        if (partner == null) {
            throw new IllegalArgumentException("the fine-tune has no tensor for " + name);
        }
        return partner;
    }

    /** Whether both sides have the base's tensor {@code name}. */
    boolean paired(String name) {
        return partners.containsKey(name) && base.tensor(name).isPresent();
    }

    /** Whether the fine-tune has a tensor for {@code name}. */
    boolean has(String name) {
        return partners.containsKey(name);
    }

    /** The base's tensors that the fine-tune lacks. */
    List<String> missing() {
        return List.copyOf(missing);
    }

    /** The fine-tune's tensors that the base lacks. */
    List<String> extra() {
        return List.copyOf(extra);
    }
}
