// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { BitDeltaRegistry } from "../src/BitDeltaRegistry.sol";
import { BitDeltaRegistryProxy } from "../src/BitDeltaRegistryProxy.sol";
import { IdentityRegistry } from "../src/IdentityRegistry.sol";
import { Commitment } from "../src/libraries/Commitment.sol";
import { Merkle } from "../src/libraries/Merkle.sol";
import { Tags } from "../src/libraries/Tags.sol";
import { Delta, Roots } from "../src/types/Delta.sol";
import { Header } from "../src/types/Soup.sol";
import { Test } from "./harness/Test.sol";
import { Tree } from "./harness/Trees.sol";

/// @notice The encodings, against vectors that an independent script computed (FORMATS section 10).
contract FormatsTest is Test {
    string private vectors;
    bytes private signs;
    bytes private scales;
    address private constant IDENTITY = 0x1111111111111111111111111111111111111111;
    bytes32 private constant SALT = 0x2222222222222222222222222222222222222222222222222222222222222222;

    function setUp() public {
        vectors = vm.readFile("test/vectors/formats.json");
        signs = new bytes(1024);
        signs[0] = 0x05;
        signs[1] = 0x06;
        scales = new bytes(1024);
        scales[0] = 0x3e;
        scales[1] = 0x80;
        scales[4] = 0x3f;
        scales[5] = 0x40;
    }

    function vector(string memory key) private view returns (bytes32) {
        return vm.parseBytes32(string.concat("0x", vm.parseJsonString(vectors, string.concat(".", key))));
    }

    function test_tags() public view {
        eq(Tags.LEAF, vector("tag_leaf"), "leaf tag");
        eq(Tags.RECORD, keccak256("bitdelta.record.v1"), "record tag");
    }

    function test_leavesWithAndWithoutSalt() public view {
        eq(this.leafOf(address(0), 0, 0, 0, signs), vector("c_signsRoot"), "content signs");
        eq(this.leafOf(address(0), 1, 0, 0, scales), vector("c_scalesRoot"), "content scales");
        eq(this.leafOf(IDENTITY, 0, 0, leafSalt(0), signs), vector("leaf0"), "sign leaf 0");
        eq(this.leafOf(IDENTITY, 0, 0, leafSalt(0), signs), vector("o_signsRoot"), "owned signs");
        eq(this.leafOf(IDENTITY, 1, 0, leafSalt(1), scales), vector("o_scalesRoot"), "owned scales");
    }

    function test_roots() public view {
        eq(this.rootOf(roots("c_", address(0), 0)), vector("contentRoot"), "contentRoot");
        eq(this.rootOf(roots("o_", IDENTITY, SALT)), vector("deltaRoot"), "deltaRoot");
    }

    function test_deltaIdDomainAndPublishDigest() public {
        Delta memory delta = theDelta();
        eq(this.idOf(delta), vector("deltaId"), "deltaId");
        eq(Commitment.DELTA_TYPEHASH, vector("deltaTypehash"), "typehash");

        vm.chainId(31_337);
        address registry = 0x4444444444444444444444444444444444444444;
        IdentityRegistry identities = new IdentityRegistry();
        address implementation = address(new BitDeltaRegistry(address(identities)));
        bytes memory init = abi.encodeCall(BitDeltaRegistry.initialize, (address(1), address(2)));
        BitDeltaRegistryProxy proxy = new BitDeltaRegistryProxy(implementation, init);
        vm.etch(registry, address(proxy).code);
        bytes32 slot = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
        vm.store(registry, slot, bytes32(uint256(uint160(implementation))));
        eq(BitDeltaRegistry(registry).domainSeparator(), vector("domain"), "domain of the proxy");
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Publish(bytes32 deltaId,bytes32 prev,uint256 deadline)"),
                vector("deltaId"),
                bytes32(0),
                2_000_000_000
            )
        );
        eq(typed(BitDeltaRegistry(registry).domainSeparator(), structHash), vector("publishDigest"), "digest");
        eq(BitDeltaRegistry(registry).deltaIdOf(delta), vector("deltaId"), "deltaIdOf");
    }

    function test_membersTreeAndProof() public view {
        bytes32[] memory leaves = new bytes32[](3);
        bytes32[3] memory ids = [
            bytes32(0x0101010101010101010101010101010101010101010101010101010101010101),
            0x0202020202020202020202020202020202020202020202020202020202020202,
            0x0303030303030303030303030303030303030303030303030303030303030303
        ];
        for (uint256 i; i < 3; ++i) {
            leaves[i] = Commitment.memberLeaf(i, ids[i]);
        }
        bytes32 leaf = leaves[2];
        string[] memory proofText = vm.parseJsonStringArray(vectors, ".proof_of_2");
        bytes32[] memory proof = new bytes32[](proofText.length);
        for (uint256 i; i < proof.length; ++i) {
            proof[i] = vm.parseBytes32(string.concat("0x", proofText[i]));
        }
        isTrue(this.verifies(vector("members3"), leaf, 2, 3, proof), "given proof");
        isTrue(!this.verifies(vector("members3"), leaf, 3, 3, proof), "index past the end");
        isTrue(!this.verifies(vector("members3"), leaf, 0, 3, proof), "other index");
        isTrue(!this.verifies(vector("members3"), leaf, 2, 5, proof), "other depth");
        eq(Tree.proof(leaves, 2)[1], proof[1], "reference proof");
        eq(Merkle.rootInPlace(leaves), vector("members3"), "root");
    }

    function test_weights() public view {
        bytes32[] memory leaves = new bytes32[](2);
        leaves[0] = Commitment.weightLeaf(0, 0, bytes32(uint256(uint160(IDENTITY))), 0, 600_000_000);
        bytes32 second = bytes32(uint256(uint160(0x5555555555555555555555555555555555555555)));
        leaves[1] = Commitment.weightLeaf(1, 0, second, 600_000_000, 1_000_000_000);
        eq(Merkle.rootInPlace(leaves), vector("weights2"), "weights");
    }

    function test_statement() public view {
        bytes32 nonce = 0x6666666666666666666666666666666666666666666666666666666666666666;
        bytes32 statement = keccak256(
            abi.encode(
                Tags.STATEMENT,
                uint256(31_337),
                address(0x4444444444444444444444444444444444444444),
                vector("deltaId"),
                nonce,
                bytes32(0),
                bytes32(0),
                bytes32(0),
                uint256(2_000_000_000)
            )
        );
        eq(statement, vector("statement"), "statement");
    }

    /// @dev The assembly that hashes calldata against `abi.encode`.
    function testFuzz_hashesOfCalldataAreThoseOfAbiEncode(Delta memory delta, Roots memory given, Header memory header)
        public
        view
    {
        eq(this.idOf(delta), keccak256(abi.encode(Commitment.DELTA_TYPEHASH, delta)), "delta");
        eq(this.rootOf(given), keccak256(abi.encode(Tags.ROOT, given)), "roots");
        eq(this.headerHashOf(header), keccak256(abi.encode(header)), "header");
    }

    function testFuzz_rootInPlaceIsThePlainRoot(uint256 seed, uint256 count) public pure {
        bytes32[] memory leaves = new bytes32[](bound(count, 0, 70));
        for (uint256 i; i < leaves.length; ++i) {
            leaves[i] = keccak256(abi.encode(seed, i));
        }
        eq(Merkle.depth(leaves.length), Tree.depth(leaves.length), "depth");
        bytes32 expected = Tree.root(leaves);
        eq(Merkle.rootInPlace(leaves), expected, "root");
    }

    function testFuzz_everyLeafIsProvedAndNothingElse(uint256 seed, uint256 count, uint256 place) public view {
        bytes32[] memory leaves = new bytes32[](bound(count, 1, 40));
        for (uint256 j; j < leaves.length; ++j) {
            leaves[j] = keccak256(abi.encode(seed, j));
        }
        uint256 i = bound(place, 0, leaves.length - 1);
        bytes32 root = Tree.root(leaves);
        bytes32[] memory proof = Tree.proof(leaves, i);
        isTrue(this.verifies(root, leaves[i], i, leaves.length, proof), "proved");
        isTrue(!this.verifies(root, keccak256("other"), i, leaves.length, proof), "other leaf");
        if (proof.length != 0) {
            proof[seed % proof.length] ^= bytes32(uint256(1) << (seed % 256));
            isTrue(!this.verifies(root, leaves[i], i, leaves.length, proof), "other sibling");
        }
    }

    // ---- calldata doors

    function leafOf(address identity, uint256 kind, uint256 index, bytes32 salt, bytes calldata chunk)
        external
        pure
        returns (bytes32)
    {
        return Commitment.leaf(identity, kind, index, salt, chunk);
    }

    function idOf(Delta calldata delta) external pure returns (bytes32) {
        return Commitment.deltaId(delta);
    }

    function rootOf(Roots calldata given) external pure returns (bytes32) {
        return Commitment.deltaRoot(given);
    }

    function headerHashOf(Header calldata header) external pure returns (bytes32) {
        return Commitment.headerHash(header);
    }

    function verifies(bytes32 root, bytes32 leaf, uint256 index, uint256 count, bytes32[] calldata proof)
        external
        pure
        returns (bool)
    {
        return Merkle.verify(root, leaf, index, count, proof);
    }

    // ---- the vector's parts

    function theDelta() private view returns (Delta memory) {
        return Delta({
            identity: IDENTITY,
            baseHash: vector("weightsHash_base"),
            deltaRoot: vector("deltaRoot"),
            manifestDigest: 0x3333333333333333333333333333333333333333333333333333333333333333,
            receiptHash: 0,
            epsilonMilli: 0,
            flags: 1
        });
    }

    function roots(string memory prefix, address identity, bytes32 salt) private view returns (Roots memory) {
        bytes32 fileBind = keccak256(abi.encode(Tags.FILE, identity, salt, vector("fileHash")));
        eq(fileBind, vector(string.concat(prefix, "fileBind")), "fileBind");
        return Roots({
            layoutHash: vector(string.concat(prefix, "layoutHash")),
            nSigns: 1,
            signsRoot: vector(string.concat(prefix, "signsRoot")),
            nScales: 1,
            scalesRoot: vector(string.concat(prefix, "scalesRoot")),
            abstainRoot: 0,
            fileBind: fileBind
        });
    }

    function leafSalt(uint256 kind) private pure returns (bytes32) {
        return keccak256(abi.encode(Tags.SALT, SALT, kind, uint256(0)));
    }
}
