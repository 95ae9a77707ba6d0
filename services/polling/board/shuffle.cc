#include "services/polling/board/shuffle.h"

#include <openssl/rand.h>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <utility>

namespace veche::polling {
namespace {

// A number below `bound`, each equally likely: draws again where the remainder would favour some.
uint64_t RandomBelow(uint64_t bound) {
  const uint64_t fair = std::numeric_limits<uint64_t>::max() / bound * bound;
  uint64_t number = 0;
  do {
    if (RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof(number)) != 1) std::abort();
  } while (number >= fair);
  return number % bound;
}

}  // namespace

void Shuffle(std::vector<PendingBallot>& batch) {
  for (size_t left = batch.size(); left > 1; --left) {
    std::swap(batch[left - 1], batch[RandomBelow(left)]);
  }
}

}  // namespace veche::polling
