#include "services/notifications/index/subscription_index.h"

#include <algorithm>

namespace veche::notifications {
namespace {

using Bitmap = NumberSet::Bitmap;

constexpr Bitmap kNobody{};

const NumberSet* ListOf(const absl::flat_hash_map<std::string, NumberSet>& lists,
                        absl::string_view key) {
  static const NumberSet& empty = *new NumberSet;
  const auto found = lists.find(key);
  return found == lists.end() ? &empty : &found->second;
}

// The piece as a bitmap, made in `scratch` if the set has none.
const Bitmap& BitsOf(const NumberSet& set, size_t piece, Bitmap& scratch) {
  if (const Bitmap* dense = set.Dense(piece)) return *dense;
  if (set.Sparse(piece).empty()) return kNobody;
  scratch.fill(0);
  set.AddTo(piece, scratch);
  return scratch;
}

// Clears the bits of the numbers up to `last` in the piece of `last`.
void ClearUpTo(Bitmap& bitmap, uint32_t last) {
  const size_t low = last % (bitmap.size() * 64);
  for (size_t i = 0; i < low / 64; ++i) bitmap[i] = 0;
  bitmap[low / 64] &= ~uint64_t{0} << (low % 64) << 1;
}

// Appends the numbers of a piece's bits. Decodes a few bits of each word whether they are set or
// not, because a branch for each of them costs more.
void Append(const Bitmap& bitmap, uint32_t first, std::vector<uint32_t>& numbers) {
  constexpr int kUnconditional = 4;
  constexpr size_t kBlock = 16;  // words
  std::array<uint32_t, kBlock * 64 + kUnconditional> block;
  for (size_t begin = 0; begin < bitmap.size(); begin += kBlock) {
    uint32_t* next = block.data();
    for (size_t i = begin; i < begin + kBlock; ++i) {
      uint64_t word = bitmap[i];
      for (int decoded = 0; decoded < kUnconditional; ++decoded) {
        *next = first + static_cast<uint32_t>(__builtin_ctzll(word | uint64_t{1} << 63));
        next += word != 0;
        word &= word - 1;
      }
      for (; word != 0; word &= word - 1) {
        *next++ = first + static_cast<uint32_t>(__builtin_ctzll(word));
      }
      first += 64;
    }
    numbers.insert(numbers.end(), block.data(), next);
  }
}

// Appends the candidates whose bits are set.
void AppendThose(const Bitmap& bitmap, absl::Span<const uint16_t> candidates, uint32_t first,
                 std::vector<uint32_t>& numbers) {
  const size_t before = numbers.size();
  numbers.resize(before + candidates.size());
  uint32_t* next = numbers.data() + before;
  for (const uint16_t low : candidates) {
    *next = first + low;
    next += bitmap[low / 64] >> (low % 64) & 1;
  }
  numbers.resize(next - numbers.data());
}

}  // namespace

void SubscriptionIndex::Set(uint32_t subscriber, const Interest& interest, Channels channels) {
  Remove(subscriber);
  if (channels == 0) return;
  if (interest.topics.empty()) every_topic_.Add(subscriber);
  for (const std::string& topic : interest.topics) topics_[topic].Add(subscriber);
  for (const std::string& topic : interest.muted) muted_[topic].Add(subscriber);
  for (const std::string& district : interest.districts) districts_[district].Add(subscriber);
  for (int bit = 0; bit < kChannelCount; ++bit) {
    if ((channels & (Channels{1} << bit)) != 0) channels_[bit].Add(subscriber);
  }
}

void SubscriptionIndex::Remove(uint32_t subscriber) {
  every_topic_.Remove(subscriber);
  for (Lists* lists : {&topics_, &muted_, &districts_}) {
    for (auto& [key, list] : *lists) list.Remove(subscriber);
  }
  for (NumberSet& list : channels_) list.Remove(subscriber);
}

// The subscribers of a piece who want the topic, by one of the channels.
void SubscriptionIndex::FindInterested(const Query& query, size_t piece, Bitmap& found) const {
  Bitmap topic_bits, muted_bits, every_bits;
  const Bitmap& every = BitsOf(every_topic_, piece, every_bits);
  const Bitmap& topic = BitsOf(*ListOf(topics_, query.topic), piece, topic_bits);
  const Bitmap& muted = BitsOf(*ListOf(muted_, query.topic), piece, muted_bits);
  if (query.channels == kAllChannels) {  // nobody is in the lists without a channel
    for (size_t i = 0; i < found.size(); ++i) found[i] = (every[i] | topic[i]) & ~muted[i];
    return;
  }
  Bitmap channels{};
  for (int bit = 0; bit < kChannelCount; ++bit) {
    if ((query.channels & (Channels{1} << bit)) != 0) channels_[bit].AddTo(piece, channels);
  }
  for (size_t i = 0; i < found.size(); ++i) {
    found[i] = (every[i] | topic[i]) & ~muted[i] & channels[i];
  }
}

std::vector<uint32_t> SubscriptionIndex::Find(const Query& query) const {
  std::vector<const NumberSet*> districts;
  for (const std::string& district : query.districts) {
    districts.push_back(ListOf(districts_, district));
  }
  const size_t pieces = std::max(every_topic_.pieces(), ListOf(topics_, query.topic)->pieces());
  const size_t first_piece = query.after >> NumberSet::kPieceBits;
  std::vector<uint32_t> numbers;
  Bitmap found;
  for (size_t piece = first_piece; piece < pieces && numbers.size() < query.limit; ++piece) {
    FindInterested(query, piece, found);
    if (piece == first_piece) ClearUpTo(found, query.after);
    const auto first = static_cast<uint32_t>(piece << NumberSet::kPieceBits);
    if (districts.size() == 1 && districts[0]->Dense(piece) == nullptr) {
      AppendThose(found, districts[0]->Sparse(piece), first, numbers);
      continue;
    }
    if (!districts.empty()) {
      Bitmap here{};
      for (const NumberSet* list : districts) list->AddTo(piece, here);
      for (size_t i = 0; i < found.size(); ++i) found[i] &= here[i];
    }
    Append(found, first, numbers);
  }
  if (numbers.size() > query.limit) numbers.resize(query.limit);
  return numbers;
}

size_t SubscriptionIndex::MemoryBytes() const {
  size_t bytes = sizeof(*this) + every_topic_.MemoryBytes();
  for (const Lists* lists : {&topics_, &muted_, &districts_}) {
    bytes += lists->capacity() * sizeof(Lists::value_type);
    for (const auto& [key, list] : *lists) bytes += key.capacity() + list.MemoryBytes();
  }
  for (const NumberSet& list : channels_) bytes += list.MemoryBytes();
  return bytes;
}

}  // namespace veche::notifications
