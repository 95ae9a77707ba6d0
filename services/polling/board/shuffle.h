#pragma once

#include <vector>

#include "services/polling/storage/board_store.h"

namespace veche::polling {

// Puts a batch into an order of the operating system's random source: all orders are equally
// likely. Aborts when there is no random source.
void Shuffle(std::vector<PendingBallot>& batch);

}  // namespace veche::polling
