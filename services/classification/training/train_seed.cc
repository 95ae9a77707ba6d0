// Trains the model that is embedded in the program, from the seed alone: train_seed OUT

#include <iostream>

#include "services/classification/model/model_file.h"
#include "services/classification/training/trainer.h"

int main(int argc, char** argv) {
  using namespace veche::classification;
  if (argc != 2) {
    std::cerr << "usage: train_seed OUT\n";
    return 2;
  }
  const auto model = TrainModel({}, {.source = "seed", .with_seed = true});
  const absl::Status written = model.ok() ? WriteModelFile(*model, argv[1]) : model.status();
  if (written.ok()) return 0;
  std::cerr << written << "\n";
  return 1;
}
