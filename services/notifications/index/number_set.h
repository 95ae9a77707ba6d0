#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"

namespace veche::notifications {

// A set of numbers, stored in pieces of 65,536 numbers: a sorted array while a piece is sparse, a
// bitmap when it is dense. A number takes two bytes at most, and a dense piece 8 KiB. Set
// operations go piece by piece over bitmaps, which stay in the processor's first cache. Not
// thread-safe.
class NumberSet {
 public:
  static constexpr size_t kPieceBits = 16;
  static constexpr size_t kWords = (size_t{1} << kPieceBits) / 64;
  // One bit for each number of a piece.
  using Bitmap = std::array<uint64_t, kWords>;

  void Add(uint32_t number);
  void Remove(uint32_t number);
  bool Contains(uint32_t number) const;

  // The number of pieces up to the largest number.
  size_t pieces() const { return pieces_.size(); }
  // The piece's bitmap, or null when the piece is not dense.
  const Bitmap* Dense(size_t piece) const {
    return piece < pieces_.size() ? pieces_[piece].dense.get() : nullptr;
  }
  // The lower 16 bits of the numbers of a piece that is not dense, ascending.
  absl::Span<const uint16_t> Sparse(size_t piece) const {
    return piece < pieces_.size() ? pieces_[piece].sparse : absl::Span<const uint16_t>();
  }
  // Sets the bits of the piece's numbers.
  void AddTo(size_t piece, Bitmap& bitmap) const;

  size_t MemoryBytes() const;

 private:
  struct Piece {
    std::vector<uint16_t> sparse;   // ascending
    std::unique_ptr<Bitmap> dense;  // when set, `sparse` is empty
  };
  std::vector<Piece> pieces_;
};

}  // namespace veche::notifications
