package io.bitdelta.engine.codec;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.util.HashMap;
import java.util.Map;

/** Carries out a plan: fills every entry of a header from a base and its fine-tune, into any sink. */
final class DeltaEncoder {
    private final TensorPairing pairing;
    private final DeltaHeader header;
    private final EntrySink sink;
    private final Map<String, Entry> entries = new HashMap<>();

    DeltaEncoder(TensorPairing pairing, DeltaHeader header, EntrySink sink) {
        this.pairing = pairing;
        this.header = header;
        this.sink = sink;
        header.entries().forEach(entry -> entries.put(entry.name(), entry));
    }

    /** Encodes all tensors of the layout; the energies are those of the sign tensors, exact when nothing is clipped. */
    DeltaEnergy encode(Workers workers, Progress progress) {
        DeltaEnergy energy = DeltaEnergy.NONE;
        for (LayoutEntry entry : header.layout()) {
            Tensor finetuned = pairing.finetuned(entry.name());
            switch (entry) {
                case LayoutEntry.Sign sign -> {
                    Tensor base = pairing.base(sign.name());
                    energy = energy.plus(signs(sign, base, finetuned, workers));
                    progress.advance(base.data().byteSize());
                }
                case LayoutEntry.Full full -> full(full, finetuned);
                case LayoutEntry.Core core ->
                    throw new IllegalStateException(
                            core.name() + ": a core is trained, it does not follow from weights");
                case LayoutEntry.LowRank lowRank -> {
                    Tensor base = pairing.base(lowRank.name());
                    Dtype scaleType = entry(lowRank.a().scaleName(0)).dtype();
                    LowRankEncoder.encode(lowRank, scaleType, base, finetuned, entries, sink, workers);
                    progress.advance(base.data().byteSize());
                }
            }
            progress.advance(finetuned.data().byteSize());
        }
        return energy;
    }

    private DeltaEnergy signs(LayoutEntry.Sign sign, Tensor base, Tensor finetuned, Workers workers) {
        SignJob job = new SignJob(
                sign, entry(sign.scaleName(0)).dtype(), base, finetuned, null, entries, sink, KernelProvider.kernels());
        if (header.metadata().clipSigma().isPresent()) {
            double sigmas = Double.parseDouble(header.metadata().clipSigma().get());
            job = job.clipped(FlatEncoder.clip(job, sigmas, workers));
        }
        return job.encode(workers);
    }

    private void full(LayoutEntry.Full full, Tensor finetuned) {
        FiniteWeights.check(finetuned);
        sink.write(entry(full.name()), 0, finetuned.data());
    }

    private Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalStateException("no entry was planned for " + name);
        }
        return entry;
    }
}
