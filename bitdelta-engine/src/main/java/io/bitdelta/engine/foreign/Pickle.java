package io.bitdelta.engine.foreign;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A restricted unpickler (Python pickle protocol 2, as {@code torch.save} writes it): dictionaries, tuples, texts,
 * numbers, references to storages and tensors over them. Work and memory are linear in the input: every opcode pushes at
 * most one small object.
 */
final class Pickle {
    /** A name that the pickle asks for; nothing is ever loaded for it. */
    record Global(String module, String name) {
        String full() {
            return module + "." + name;
        }
    }

    /**
     * Raw numbers in the archive.
     *
     * @param type name of the torch storage class
     * @param key file name under {@code data/}
     * @param count elements
     */
    record Storage(String type, String key, long count) {}

    /**
     * A view of a storage.
     *
     * @param storage the numbers
     * @param offset first element
     * @param shape dimensions
     * @param strides in elements
     */
    record TorchTensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

    private record Mark() {}

    private static final Mark MARK = new Mark();
    private static final Object NONE = new Object();

    private final Path file;
    private final byte[] bytes;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();
    private int at;

    private Pickle(Path file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /**
     * Reads a flat dictionary of tensors.
     *
     * @throws MalformedForeignDeltaException if it is anything else
     */
    static Map<String, TorchTensor> tensors(Path file, byte[] bytes) {
        Object value = new Pickle(file, bytes).load();
        Pickle errors = new Pickle(file, bytes);
        if (!(value instanceof Map<?, ?> map)) {
            throw errors.bad("it does not hold a dictionary");
        }
        Map<String, TorchTensor> tensors = new LinkedHashMap<>();
        map.forEach((key, element) -> {
            if (!(key instanceof String name) || !(element instanceof TorchTensor tensor)) {
                throw errors.bad("entry " + shown(key) + " is not a tensor under a text");
            }
            tensors.put(name, tensor);
        });
        return tensors;
    }

    private static String shown(@Nullable Object value) {
        return value instanceof String || value instanceof Number ? value.toString() : "of another kind";
    }

    private Object load() {
        while (true) {
            int opcode = unsigned(1);
            switch (opcode) {
                case 0x80 -> protocol();
                case '}' -> stack.add(new LinkedHashMap<>());
                case ')' -> stack.add(List.of());
                case '(' -> stack.add(MARK);
                case 'N' -> stack.add(NONE);
                case 0x88 -> stack.add(true);
                case 0x89 -> stack.add(false);
                case 'K' -> stack.add((long) unsigned(1));
                case 'M' -> stack.add((long) unsigned(2));
                case 'J' -> stack.add((long) (int) unsignedLong(4));
                case 0x8a -> stack.add(longNumber());
                case 'G' -> skipDouble();
                case 'X' -> stack.add(text(unsignedLong(4)));
                case 0x8c -> stack.add(text(unsigned(1)));
                case 'c' -> stack.add(new Global(line(), line()));
                case 'q' -> memo.put((long) unsigned(1), top());
                case 'r' -> memo.put(unsignedLong(4), top());
                case 'h' -> stack.add(remembered(unsigned(1)));
                case 'j' -> stack.add(remembered(unsignedLong(4)));
                case 't' -> stack.add(toMark());
                case 0x85 -> stack.add(last(1));
                case 0x86 -> stack.add(last(2));
                case 0x87 -> stack.add(last(3));
                case 'Q' -> stack.add(storage(pop()));
                case 'R' -> reduce();
                case 's' -> setItems(last(2));
                case 'u' -> setItems(toMark());
                case 'b' -> pop();
                case '.' -> {
                    return pop();
                }
                default -> throw bad("opcode 0x%02x is not one that a dictionary of tensors needs".formatted(opcode));
            }
        }
    }

    private void protocol() {
        int version = unsigned(1);
        if (version != 2) {
            throw bad("pickle protocol " + version + ", expected is 2");
        }
    }

    private void skipDouble() {
        need(8);
        at += 8;
        stack.add(NONE);
    }

    private Long longNumber() {
        int length = unsigned(1);
        if (length > 8) {
            throw bad("an integer of " + length + " bytes");
        }
        need(length);
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (bytes[at + i] & 0xFFL) << (8 * i);
        }
        at += length;
        int unused = 64 - 8 * length;
        return length == 0 ? 0L : (value << unused) >> unused;
    }

    private void reduce() {
        Object arguments = pop();
        Object function = pop();
        if (!(function instanceof Global global) || !(arguments instanceof List<?> list)) {
            throw bad("a call of something that is not a name");
        }
        stack.add(
                switch (global.full()) {
                    case "collections.OrderedDict" -> new LinkedHashMap<>();
                    case "torch._utils._rebuild_tensor_v2" -> tensor(list);
                    case "torch._utils._rebuild_parameter" -> first(list);
                    default -> throw bad("a call of " + global.full() + ", which builds no tensor");
                });
    }

    private Object first(List<?> list) {
        if (list.isEmpty() || !(list.getFirst() instanceof TorchTensor tensor)) {
            throw bad("a parameter without a tensor");
        }
        return tensor;
    }

    private TorchTensor tensor(List<?> list) {
        if (list.size() < 4
                || !(list.get(0) instanceof Storage storage)
                || !(list.get(1) instanceof Long offset)
                || !(list.get(2) instanceof List<?> shape)
                || !(list.get(3) instanceof List<?> strides)) {
            throw bad("a tensor without storage, offset, shape and strides");
        }
        return new TorchTensor(storage, offset, numbers(shape), numbers(strides));
    }

    private List<Long> numbers(List<?> list) {
        List<Long> numbers = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof Long number) || number < 0) {
                throw bad("a dimension or stride that is not a number of at least 0");
            }
            numbers.add(number);
        }
        return numbers;
    }

    private Storage storage(Object id) {
        if (!(id instanceof List<?> list)
                || list.size() < 5
                || !"storage".equals(list.get(0))
                || !(list.get(1) instanceof Global type)
                || !type.module().equals("torch")
                || !(list.get(2) instanceof String key)
                || !key.matches("[0-9]{1,9}")
                || !(list.get(4) instanceof Long count)
                || count < 0) {
            throw bad("a persistent id that is not a storage");
        }
        return new Storage(type.name(), key, count);
    }

    @SuppressWarnings("unchecked") // only this class puts maps on the stack
    private void setItems(List<Object> items) {
        if (items.size() % 2 != 0 || !(top() instanceof LinkedHashMap<?, ?> map)) {
            throw bad("items for something that is not a dictionary");
        }
        for (int i = 0; i < items.size(); i += 2) {
            Object key = items.get(i);
            if (!(key instanceof String || key instanceof Long)) {
                throw bad("a dictionary key that is neither text nor number");
            }
            ((Map<Object, Object>) map).put(key, items.get(i + 1));
        }
    }

    private List<Object> toMark() {
        int mark = stack.lastIndexOf(MARK);
        if (mark < 0) {
            throw bad("a tuple without a beginning");
        }
        List<Object> items = List.copyOf(stack.subList(mark + 1, stack.size()));
        stack.subList(mark, stack.size()).clear();
        return items;
    }

    private List<Object> last(int count) {
        if (stack.size() < count) {
            throw bad("fewer values than a tuple takes");
        }
        List<Object> tail = stack.subList(stack.size() - count, stack.size());
        if (tail.contains(MARK)) {
            throw bad("a mark inside a tuple");
        }
        List<Object> items = List.copyOf(tail);
        tail.clear();
        return items;
    }

    private Object remembered(long index) {
        Object value = memo.get(index);
        if (value == null) {
            throw bad("a reference to value " + index + ", which was never stored");
        }
        return value;
    }

    private Object top() {
        if (stack.isEmpty() || stack.getLast() == MARK) {
            throw bad("a value is missing");
        }
        return stack.getLast();
    }

    private Object pop() {
        Object value = top();
        stack.removeLast();
        return value;
    }

    private String text(long length) {
        need(length);
        String text = new String(bytes, at, (int) length, StandardCharsets.UTF_8);
        at += (int) length;
        return text;
    }

    private String line() {
        int end = at;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        if (end == bytes.length || end - at > 200) {
            throw bad("a name without an end");
        }
        String line = new String(bytes, at, end - at, StandardCharsets.US_ASCII);
        at = end + 1;
        return line;
    }

    private int unsigned(int width) {
        return (int) unsignedLong(width);
    }

    private long unsignedLong(int width) {
        need(width);
        long value = 0;
        for (int i = 0; i < width; i++) {
            value |= (bytes[at + i] & 0xFFL) << (8 * i);
        }
        at += width;
        return value;
    }

    private void need(long count) {
        if (count > bytes.length - at) {
            throw bad("it ends early");
        }
    }

    private MalformedForeignDeltaException bad(String what) {
        return new MalformedForeignDeltaException(file, what + " (pickle offset " + at + ")");
    }
}
