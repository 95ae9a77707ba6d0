// Trains the model of wording that is built into the program: train_wording OUT SEED_FOLDER

#include <fstream>
#include <iostream>

#include "services/classification/wording/wording_trainer.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: train_wording OUT SEED_FOLDER\n";
    return 2;
  }
  const auto lessons = veche::classification::ReadWordingLessons(argv[2]);
  const auto bytes = lessons.ok() ? veche::classification::TrainWording(*lessons)
                                  : absl::StatusOr<std::string>(lessons.status());
  if (!bytes.ok()) {
    std::cerr << argv[2] << ": " << bytes.status() << "\n";
    return 1;
  }
  std::ofstream out(argv[1], std::ios::binary);
  out << *bytes;
  return out.flush() ? 0 : 1;
}
