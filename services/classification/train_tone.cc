// Trains the model of tone that is built into the program: train_tone OUT EXAMPLES FINE...

#include <fstream>
#include <iostream>
#include <iterator>

#include "services/classification/tone_trainer.h"

namespace {

std::string ReadAll(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: train_tone OUT EXAMPLES FINE...\n";
    return 2;
  }
  std::vector<std::string> fine;
  for (int i = 3; i < argc; ++i) fine.push_back(ReadAll(argv[i]));
  const auto bytes = veche::classification::TrainTone(ReadAll(argv[2]), fine);
  if (!bytes.ok()) {
    std::cerr << argv[2] << ": " << bytes.status() << "\n";
    return 1;
  }
  std::ofstream out(argv[1], std::ios::binary);
  out << *bytes;
  return out.flush() ? 0 : 1;
}
