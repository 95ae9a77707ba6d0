#pragma once

#include <random>

#include "google/protobuf/message.h"

namespace veche::gateway::json {

// Fills `message` with random fields of every kind that has a JSON form; edge values come often.
// The same state of `random` gives the same message.
void FillRandomly(std::mt19937_64& random, int depth, google::protobuf::Message& message);

}  // namespace veche::gateway::json
