// Trains the model that is built into the program: train_seed OUT FILE.tsv …

#include <iostream>
#include <string>
#include <vector>

#include "services/classification/commands.h"

int main(int argc, char** argv) {
  std::vector<std::string> args = {"train"};
  for (int i = 1; i < argc; ++i) {
    args.push_back(i == 1 ? "--out" : "--data");
    args.push_back(argv[i]);
  }
  return veche::classification::RunClassifierCommand(args, std::cout, std::cerr);
}
