// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { Tags } from "../../src/libraries/Tags.sol";
import { Delta, Flags, Roots } from "../../src/types/Delta.sol";
import { Header, Rules } from "../../src/types/Soup.sol";
import { House } from "./House.sol";
import { Tree } from "./Trees.sol";

/// @notice Members with real commitments, and soups cooked from them by counting one bit at a time.
abstract contract Kitchen is House {
    struct Member {
        uint256 key;
        Delta delta;
        bytes32 id;
        Roots roots;
        bytes signs;
        bytes scales;
        bytes32 signSalt;
        bytes32 scaleSalt;
    }

    struct Brew {
        address proposer;
        Header header;
        bytes32 soupId;
        Member[] members;
        bytes32[] memberLeaves;
        bytes32[] weightLeaves;
        bytes signs;
        bytes scales;
        bytes abstain;
    }

    /// Words of a sign chunk that hold votes; the rest is padding.
    uint256 internal constant USED = 2;
    bytes32 internal constant LAYOUT = keccak256("layout");

    bytes32[] internal noProof;

    /// @notice n published members, ids ascending.
    function membersOf(uint256 n, uint256 seed) internal returns (Member[] memory members) {
        members = new Member[](n);
        for (uint256 i; i < n; ++i) {
            Member memory m = memberOf(0xC0FFEE + i, uint256(keccak256(abi.encode(seed, i))));
            uint256 at_ = i;
            for (; at_ > 0 && members[at_ - 1].id > m.id; --at_) {
                members[at_] = members[at_ - 1];
            }
            members[at_] = m;
        }
        for (uint256 i; i < n; ++i) {
            publishMember(members[i]);
        }
    }

    function memberOf(uint256 key, uint256 seed) internal pure returns (Member memory m) {
        m.key = key;
        address identity = vm.addr(key);
        bytes32 salt = keccak256(abi.encode("salt", seed));
        m.signs = new bytes(1024);
        m.scales = new bytes(1024);
        for (uint256 w; w < USED; ++w) {
            setWord(m.signs, w, uint256(keccak256(abi.encode("signs", seed, w))));
        }
        uint256 scales;
        for (uint256 lane; lane < 8; ++lane) {
            // Few distinct values, so that ties happen.
            scales |= (0x3c000000 + uint256(keccak256(abi.encode("scale", seed, lane))) % 5 * 0x1111) << (32 * lane);
        }
        setWord(m.scales, 0, scales);
        m.signSalt = keccak256(abi.encode(Tags.SALT, salt, uint256(0), uint256(0)));
        m.scaleSalt = keccak256(abi.encode(Tags.SALT, salt, uint256(1), uint256(0)));
        m.roots = Roots({
            layoutHash: LAYOUT,
            nSigns: 1,
            signsRoot: leaf(identity, 0, 0, m.signSalt, m.signs),
            nScales: 1,
            scalesRoot: leaf(identity, 1, 0, m.scaleSalt, m.scales),
            abstainRoot: 0,
            fileBind: keccak256(abi.encode("file", seed))
        });
        m.delta = deltaOf(identity, seed);
        m.delta.deltaRoot = keccak256(abi.encode(Tags.ROOT, m.roots));
        m.id = deltaId(m.delta);
    }

    function publishMember(Member memory m) internal {
        bytes32 head = registry.head(m.delta.identity, m.delta.baseHash);
        vm.prank(m.delta.identity);
        registry.publish(m.delta, head, 0, address(0), "");
    }

    /// @notice An honest soup of the members, not yet proposed.
    function cook(Member[] memory members, uint8 rule, uint256 byzantine) internal view returns (Brew memory b) {
        uint256 n = members.length;
        b.proposer = carol;
        b.members = members;
        b.signs = new bytes(1024);
        b.scales = new bytes(1024);
        b.abstain = new bytes(1024);
        for (uint256 w; w < USED; ++w) {
            (uint256 sign, uint256 none) = naiveVote(wordsOf(members, 0, w), byzantine);
            setWord(b.signs, w, sign);
            setWord(b.abstain, w, none);
        }
        setWord(b.scales, 0, naiveMedians(wordsOf(members, 1, 0)));
        b.memberLeaves = new bytes32[](n);
        b.weightLeaves = new bytes32[](n);
        for (uint256 i; i < n; ++i) {
            b.memberLeaves[i] = keccak256(abi.encode(Tags.MEMBER, i, members[i].id));
            b.weightLeaves[i] = weightLeaf(
                i, 0, bytes32(uint256(uint160(members[i].delta.identity))), i * 1e9 / n, (i + 1) * 1e9 / n
            );
        }
        b.header = Header({
            baseHash: BASE,
            layoutHash: LAYOUT,
            membersRoot: 0,
            signsRoot: 0,
            abstainRoot: 0,
            scalesRoot: 0,
            weightsRoot: 0,
            manifestDigest: keccak256("soup manifest"),
            members: uint32(n),
            byzantine: uint32(byzantine),
            payees: uint32(n),
            nSigns: 1,
            nScales: 1,
            epsilonCapMilli: 0,
            rule: rule,
            weightsRule: Rules.UNIFORM,
            requiredFlags: Flags.PUBLIC,
            snapshot: uint40(clock() - LAG)
        });
        seal(b);
    }

    /// @notice Recomputes roots and id after a change to the brew's parts.
    function seal(Brew memory b) internal view {
        b.header.membersRoot = Tree.root(b.memberLeaves);
        b.header.weightsRoot = Tree.root(b.weightLeaves);
        b.header.signsRoot = leaf(address(0), 0, 0, 0, b.signs);
        b.header.scalesRoot = leaf(address(0), 1, 0, 0, b.scales);
        b.header.abstainRoot = b.header.rule == Rules.CERTIFIED ? leaf(address(0), 2, 0, 0, b.abstain) : bytes32(0);
        b.soupId = soups.soupIdOf(b.proposer, b.header);
    }

    function propose(Brew memory b) internal {
        vm.deal(b.proposer, b.proposer.balance + BOND);
        vm.prank(b.proposer);
        eq(soups.propose{ value: BOND }(b.header, ""), b.soupId, "soupId");
    }

    /// @notice n members, an honest uniform majority soup, proposed.
    function served(uint256 n, uint256 seed) internal returns (Brew memory b) {
        Member[] memory members = membersOf(n, seed);
        vm.warp(clock() + LAG + 1);
        b = cook(members, Rules.MAJORITY, 0);
        propose(b);
    }

    function finalized(uint256 n, uint256 seed) internal returns (Brew memory b) {
        b = served(n, seed);
        vm.warp(clock() + WINDOW);
        soups.finalize(b.soupId, b.header);
    }

    function wordsOf(Member[] memory members, uint8 tree, uint256 w) internal pure returns (uint256[] memory words) {
        words = new uint256[](members.length);
        for (uint256 i; i < words.length; ++i) {
            words[i] = getWord(tree == 0 ? members[i].signs : members[i].scales, w);
        }
    }

    function wordLeaves(uint256[] memory words) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](words.length);
        for (uint256 i; i < words.length; ++i) {
            leaves[i] = keccak256(abi.encode(Tags.WORD, i, words[i]));
        }
    }

    /// @notice One coordinate after the other, with the rule as FORMATS section 7 writes it.
    function naiveVote(uint256[] memory words, uint256 b) internal pure returns (uint256 sign, uint256 abstain) {
        uint256 n = words.length;
        for (uint256 bit; bit < 256; ++bit) {
            uint256 c;
            for (uint256 i; i < n; ++i) {
                c += (words[i] >> bit) & 1;
            }
            if (2 * c >= n) {
                sign |= 1 << bit;
            }
            bool sure = c >= (n + b) / 2 + 1;
            bool reached = c >= (n - b) / 2 + (n - b) % 2;
            if (!sure && reached) {
                abstain |= 1 << bit;
            }
        }
    }

    /// @notice Sorts each lane.
    function naiveMedians(uint256[] memory words) internal pure returns (uint256 result) {
        uint256[] memory lane = new uint256[](words.length);
        for (uint256 shift; shift < 256; shift += 32) {
            for (uint256 i; i < lane.length; ++i) {
                uint256 x = (words[i] >> shift) & 0xffffffff;
                uint256 at_ = i;
                for (; at_ > 0 && lane[at_ - 1] > x; --at_) {
                    lane[at_] = lane[at_ - 1];
                }
                lane[at_] = x;
            }
            result |= lane[(lane.length - 1) / 2] << shift;
        }
    }

    function leaf(address identity, uint256 kind, uint256 index, bytes32 salt, bytes memory chunk)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(Tags.LEAF, identity, kind, index, salt, keccak256(chunk)));
    }

    function weightLeaf(uint256 index, uint256 kind, bytes32 who, uint256 start, uint256 end)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(Tags.WEIGHT, index, kind, who, start, end));
    }

    function setWord(bytes memory chunk, uint256 w, uint256 value) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(chunk, 32), mul(w, 32)), value)
        }
    }

    function getWord(bytes memory chunk, uint256 w) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(add(add(chunk, 32), mul(w, 32)))
        }
    }

    function bondFor(uint8 kind, Brew memory b) internal view returns (uint256) {
        return soups.demandBond(kind, b.header.members);
    }

    function consentSignature(Brew memory b, uint256 member, uint256 deadline) internal view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("SoupConsent(bytes32 deltaId,bytes32 termsHash,uint256 deadline)"),
                b.members[member].id,
                soups.termsHashOf(b.header),
                deadline
            )
        );
        return sign(b.members[member].key, typed(soups.domainSeparator(), structHash));
    }
}
