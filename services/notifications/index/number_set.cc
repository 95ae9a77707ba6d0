#include "services/notifications/index/number_set.h"

#include <algorithm>

namespace veche::notifications {
namespace {

// From this size on an array takes more memory than a bitmap.
constexpr size_t kMostSparse = sizeof(NumberSet::Bitmap) / sizeof(uint16_t);

constexpr uint64_t Bit(uint16_t low) { return uint64_t{1} << (low % 64); }

}  // namespace

void NumberSet::Add(uint32_t number) {
  const size_t index = number >> kPieceBits;
  const auto low = static_cast<uint16_t>(number);
  if (index >= pieces_.size()) pieces_.resize(index + 1);
  Piece& piece = pieces_[index];
  if (piece.dense != nullptr) {
    (*piece.dense)[low / 64] |= Bit(low);
    return;
  }
  const auto place = std::lower_bound(piece.sparse.begin(), piece.sparse.end(), low);
  if (place != piece.sparse.end() && *place == low) return;
  piece.sparse.insert(place, low);
  if (piece.sparse.size() <= kMostSparse) return;
  auto dense = std::make_unique<Bitmap>();
  for (const uint16_t each : piece.sparse) (*dense)[each / 64] |= Bit(each);
  piece.dense = std::move(dense);
  piece.sparse = {};
}

void NumberSet::Remove(uint32_t number) {
  const size_t index = number >> kPieceBits;
  const auto low = static_cast<uint16_t>(number);
  if (index >= pieces_.size()) return;
  Piece& piece = pieces_[index];
  if (piece.dense != nullptr) {
    (*piece.dense)[low / 64] &= ~Bit(low);
    return;
  }
  const auto place = std::lower_bound(piece.sparse.begin(), piece.sparse.end(), low);
  if (place != piece.sparse.end() && *place == low) piece.sparse.erase(place);
}

bool NumberSet::Contains(uint32_t number) const {
  const size_t index = number >> kPieceBits;
  const auto low = static_cast<uint16_t>(number);
  if (index >= pieces_.size()) return false;
  const Piece& piece = pieces_[index];
  if (piece.dense != nullptr) return ((*piece.dense)[low / 64] & Bit(low)) != 0;
  return std::binary_search(piece.sparse.begin(), piece.sparse.end(), low);
}

void NumberSet::AddTo(size_t piece, Bitmap& bitmap) const {
  if (const Bitmap* dense = Dense(piece)) {
    for (size_t i = 0; i < kWords; ++i) bitmap[i] |= (*dense)[i];
  }
  for (const uint16_t low : Sparse(piece)) bitmap[low / 64] |= Bit(low);
}

size_t NumberSet::MemoryBytes() const {
  size_t bytes = pieces_.capacity() * sizeof(Piece);
  for (const Piece& piece : pieces_) {
    bytes += piece.sparse.capacity() * sizeof(uint16_t);
    if (piece.dense != nullptr) bytes += sizeof(Bitmap);
  }
  return bytes;
}

}  // namespace veche::notifications
