package io.bitdelta.engine.tensor;

import io.bitdelta.engine.Progress;
import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.ParallelSha256;
import io.bitdelta.engine.commit.Sha256;
import io.bitdelta.engine.work.Workers;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The identity of a checkpoint (FORMATS section 2): independent of shards, of the order in the files and of metadata.
 */
public final class WeightsHash {
    private WeightsHash() {}

    /** Hashes on the calling thread. */
    public static Hash32 of(Checkpoint checkpoint, Progress progress) {
        try (Workers workers = Workers.of(1)) {
            return of(checkpoint, workers, progress);
        }
    }

    /** Hashes tensors in parallel; the result does not depend on the number of workers. */
    public static Hash32 of(Checkpoint checkpoint, Workers workers, Progress progress) {
        return of(List.of(checkpoint), workers, progress).getFirst();
    }

    /** As above, of several checkpoints, whose tensors share the workers. */
    public static List<Hash32> of(List<Checkpoint> checkpoints, Workers workers, Progress progress) {
        List<MemorySegment> contents = checkpoints.stream()
                .flatMap(checkpoint -> checkpoint.tensors().stream())
                .map(Tensor::data)
                .toList();
        List<Hash32> hashes = ParallelSha256.of(contents, workers, progress);
        List<Hash32> combined = new ArrayList<>();
        int from = 0;
        for (Checkpoint checkpoint : checkpoints) {
            List<Tensor> tensors = List.copyOf(checkpoint.tensors());
            combined.add(combine(tensors, hashes.subList(from, from + tensors.size())));
            from += tensors.size();
        }
        return combined;
    }

    /**
     * The hash from the SHA-256 of each tensor's bytes.
     *
     * @param tensors in name order
     * @param contents one per tensor
     */
    public static Hash32 combine(List<Tensor> tensors, List<Hash32> contents) {
        Sha256 sha = new Sha256();
        sha.update("bitdelta.weights.v1\n".getBytes(StandardCharsets.US_ASCII));
        sha.update(littleEndian(tensors.size(), 8));
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            byte[] name = tensor.name().getBytes(StandardCharsets.UTF_8);
            byte[] dtype = tensor.dtype().name().getBytes(StandardCharsets.US_ASCII);
            sha.update(littleEndian(name.length, 4)).update(name);
            sha.update(littleEndian(dtype.length, 1)).update(dtype);
            sha.update(littleEndian(tensor.shape().rank(), 1));
            for (long dim : tensor.shape().dims()) {
                sha.update(littleEndian(dim, 8));
            }
            sha.update(contents.get(i).bytes());
        }
        return sha.finish();
    }

    private static byte[] littleEndian(long value, int width) {
        byte[] bytes = new byte[width];
        for (int i = 0; i < width; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        return bytes;
    }
}
