#pragma once

#include "services/classification/model/model.h"
#include "services/classification/storage/model_store.h"
#include "veche/classification/v1/classification.pb.h"

// From stored records to the wire. Pure.

namespace veche::classification {

v1::Model ToProto(const ModelRecord& record);
v1::Training ToProto(const TrainingRecord& training);
// Sets the fields that the model itself knows.
void Describe(const Model& model, v1::Model& proto);

}  // namespace veche::classification
