#pragma once

#include "services/classification/classifier/classifier.h"
#include "veche/classification/v1/classification.pb.h"

namespace veche::classification {

// Domain to wire. Titles are in the language of the text.
v1::SuggestResponse ToProto(const Suggestion& suggestion, const Model& model);
v1::Priority ToProto(Priority priority);

}  // namespace veche::classification
