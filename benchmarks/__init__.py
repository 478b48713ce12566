"""Speed and size, each as a ratio of one run; `make benchmarks` prints them all."""
