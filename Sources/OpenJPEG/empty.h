// The C++ headers are used by DicomWorker alone; Swift imports nothing from here.
