// Trains the wording model that is embedded in the program: train_wording OUT SEED_FOLDER

#include <fstream>
#include <iostream>

#include "services/classification/wording/wording_trainer.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: train_wording OUT SEED_FOLDER\n";
    return 2;
  }
  const auto data = veche::classification::ReadWordingData(argv[2]);
  const auto bytes = data.ok() ? veche::classification::TrainWording(*data)
                               : absl::StatusOr<std::string>(data.status());
  if (!bytes.ok()) {
    std::cerr << argv[2] << ": " << bytes.status() << "\n";
    return 1;
  }
  std::ofstream out(argv[1], std::ios::binary);
  out << *bytes;
  return out.flush() ? 0 : 1;
}
